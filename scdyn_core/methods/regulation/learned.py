"""A learned network: what can be asked of it, whoever learned it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.methods.regulation.nodes import Nodes
from scdyn_core.methods.regulation.propagation import gene_changes

Matrix = NDArray[np.float64]
COEFFICIENT, CHANGE = "log change per log change", "log change when perturbed"


@dataclass(frozen=True)
class LearnedNetwork:
    """Coefficients of a path model.

    Attributes
    ----------
    coefficients
        What acts on what, nodes × genes, shape ``(T, G)``.
    nodes
        Nodes and their doses.
    genes
        Names of the genes.
    """

    coefficients: Matrix
    nodes: Nodes
    genes: tuple[str, ...]

    def changes(self, members: NDArray[np.int64]) -> Matrix:
        """Return the log change of every gene under labels ``(K, P)``, shape ``(K, G)``."""
        found = gene_changes(
            torch.as_tensor(self.coefficients),
            torch.as_tensor(self.nodes.column),
            torch.as_tensor(self.nodes.dose),
            torch.as_tensor(members),
        )
        return np.asarray(found.numpy())

    def direct(self) -> NetworkEstimate:
        """Return the coefficients as a network."""
        return self._estimate(self.coefficients, COEFFICIENT)

    def total(self) -> NetworkEstimate:
        """Return what each node does along all paths when it is perturbed as it was.

        Signed as an edge: what falls with its source is raised by it.
        """
        single = np.arange(len(self.nodes.names))[:, None]
        change = self.changes(single) * np.sign(self.nodes.dose)[:, None]
        return self._estimate(change, CHANGE)

    def _estimate(self, value: Matrix, unit: str) -> NetworkEstimate:
        real = self.nodes.real
        sources = tuple(name for name, own in zip(self.nodes.names, real, strict=True) if own)
        return NetworkEstimate(sources, self.genes, value[real], unit)
