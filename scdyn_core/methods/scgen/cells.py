"""The cells of a run as its results read them: expression, type, condition and part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS
from scdyn_core.evaluation.response.seen_types import Cells, Values
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.methods.scgen.design import design_of


@dataclass(frozen=True)
class RunCells:
    """All cells that take part, part after part.

    Attributes
    ----------
    positions
        In the dataset, shape ``(n,)``.
    values
        Log-normalised expression of the genes used, shape ``(n, G)``.
    types, treated, part
        Shape ``(n,)``.
    genes, held_out
        Names.
    """

    positions: NDArray[np.int64]
    values: Cells
    types: NDArray[np.str_]
    treated: NDArray[np.bool_]
    part: NDArray[np.str_]
    genes: tuple[str, ...]
    held_out: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset, tensors: Tensors, config: ScgenConfig) -> RunCells:
        """Collect them from the parts."""
        design = design_of(dataset, config)
        positions = np.concatenate([tensors.samples[part] for part in PARTS])
        rows = np.searchsorted(design.cells, positions)
        return cls(
            positions,
            np.concatenate([tensors.parts[part]["x"] for part in PARTS]),
            design.types[rows],
            design.treated[rows],
            np.repeat(PARTS, [len(tensors.samples[part]) for part in PARTS]),
            tuple(map(str, tensors.info["genes"])),  # type: ignore[call-overload]
            design.held_out,
        )

    def train(self) -> tuple[Cells, NDArray[np.str_], NDArray[np.bool_]]:
        """Return expression, type and treatment of the training cells."""
        own = self.part == "train"
        return self.values[own], self.types[own], self.treated[own]

    def of_type(self, name: str, *, treated: bool) -> Values:
        """Return the expression of all cells of a type in one condition, ``(m, G)``."""
        own = (self.types == name) & (self.treated == treated)
        found: Values = self.values[own].astype(np.float64)
        return found
