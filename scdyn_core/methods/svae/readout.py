"""The latents of all cells, part by part, and what every label does to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.methods.perturbations.reading import cells_of
from scdyn_core.methods.perturbations.stored_cells import in_order
from scdyn_core.methods.svae.moments import encoded
from scdyn_core.methods.svae.network import SvaeNetwork

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: Of a probability: what is decided has none left of the other.
DIGITS = 9


@dataclass(frozen=True)
class Readout:
    """One replicate.

    Attributes
    ----------
    latent
        Posterior means of all cells that take part, in their order, shape ``(n, L)``.
    shift, probability
        Of every target, shape ``(T, L)``.
    believed
        Probability of every target in the model's own prior: that of a model without sparsity has
        all of them open, whatever is read from it in the end, shape ``(T, L)``.
    members
        Targets of every perturbation in the largest context, each ``(p,)``.
    """

    latent: Matrix
    shift: Matrix
    probability: Matrix
    believed: Matrix
    members: tuple[NDArray[np.int64], ...]

    @cached_property
    def on(self) -> Mask:
        """Which latents each perturbation shifts, shape ``(K, L)``."""
        return np.stack([(self.probability[own] > 0.5).any(axis=0) for own in self.members])

    @cached_property
    def effect(self) -> Matrix:
        """Expected shift by each perturbation, shape ``(K, L)``."""
        expected = self.shift * self.probability
        return np.stack([expected[own].sum(axis=0) for own in self.members])

    @cached_property
    def prior_effect(self) -> Matrix:
        """Where the model itself expects the cells of each perturbation, shape ``(K, L)``."""
        expected = self.shift * self.believed
        return np.stack([expected[own].sum(axis=0) for own in self.members])

    @cached_property
    def chance(self) -> Matrix:
        """Probability that each perturbation shifts each latent, shape ``(K, L)``."""
        return np.stack([1.0 - (1.0 - self.probability[own]).prod(axis=0) for own in self.members])

    @cached_property
    def whole_shift(self) -> Matrix:
        """Shift by each perturbation if all its targets were on, shape ``(K, L)``."""
        return np.stack([self.shift[own].sum(axis=0) for own in self.members])


@torch.no_grad()
def readouts(
    networks: Sequence[SvaeNetwork], tensors: Tensors, labelled: Labelled
) -> list[Readout]:
    """Read every replicate out."""
    members = tuple(members_of(labelled, name) for name in labelled.kinds)
    found = []
    for network in networks:
        by_part = [encoded(network, cells_of(tensors, part))[0] for part in tensors.parts]
        latent = np.concatenate([each.double().numpy() for each in by_part])
        found.append(
            Readout(
                latent=latent[in_order(tensors)],
                shift=network.shift.double().numpy(),
                probability=_probability(network.mask_logit.double().sigmoid()),
                believed=_probability(network.probability().double()),
                members=members,
            )
        )
    return found


def members_of(labelled: Labelled, perturbation: str) -> NDArray[np.int64]:
    """Return the numbers of the targets of a perturbation in the largest context."""
    row: NDArray[np.int64] = labelled.members[labelled.label_of(perturbation)]
    return row[row < len(labelled.targets)]


def _probability(found: Tensor) -> Matrix:
    return np.asarray(torch.round(found, decimals=DIGITS).numpy(), dtype=np.float64)
