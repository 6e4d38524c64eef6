"""What predicts the treated cells of a type that was never seen treated.

Symbols: K types seen in both conditions; ``z`` posterior means, ``f`` the decoder; ``δ_k`` mean
latents of treated minus control cells of type k; ``x`` control cells of the unseen type.

- *latent arithmetic*: ``f(z + δ)``, ``δ`` the mean of the ``δ_k`` (Lotfollahi et al. 2019, who
  reach equal weights by drawing as many cells of every type).
- *decoded difference*: ``x + f(z + δ) - f(z)``: what the autoencoder gets wrong of a cell is in
  both terms, and cells keep their spread.
- *nearest types*: the same, ``δ = Σ w_k δ_k`` with weights that fall with the distance of the
  control cells (``SeenTypes.similarity``).
- *combined*: between *nearest types* and the shift of similar types in genes. How much of either
  is chosen by predicting every seen type from the other seen ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.evaluation.response.baselines import baseline_shifts, similar_shift
from scdyn_core.evaluation.response.seen_types import Cells, SeenTypes, Values
from scdyn_core.methods.scgen.network import ScgenNetwork

#: Cells that are decoded at once, and cells of a type that are changed at all.
BLOCK, MOST_CELLS = 2048, 2000
#: Predictors that ask the network, in the order of tables.
MODELS = ("latent arithmetic", "decoded difference", "nearest types", "combined")
#: Share of the network in ``combined`` where too few types are seen to choose it.
EVEN = 0.5


@dataclass(frozen=True)
class LearnedTypes:
    """Training cells of the types seen in both conditions, as genes and as latents see them.

    Attributes
    ----------
    genes, latents
        Means and shifts of every type, in one order.
    control_cells
        Expression of control cells of every type, at most 2,000.
    """

    genes: SeenTypes
    latents: SeenTypes
    control_cells: tuple[Values, ...]

    @classmethod
    def of(
        cls,
        network: ScgenNetwork,
        values: Cells,
        types: NDArray[np.str_],
        treated: NDArray[np.bool_],
    ) -> LearnedTypes:
        """Find them among training cells ``(n, G)``; see ``SeenTypes.of``."""
        genes = SeenTypes.of(values, types, treated)
        latents = SeenTypes.of(encoded(network, values), types, treated)
        own = tuple(some_cells(values[(types == name) & ~treated]) for name in genes.names)
        return cls(genes, latents, own)

    def without(self, row: int) -> LearnedTypes:
        """Return all types but one."""
        own = self.control_cells[:row] + self.control_cells[row + 1 :]
        return LearnedTypes(self.genes.without(row), self.latents.without(row), own)


def predicted_cells(
    network: ScgenNetwork, learned: LearnedTypes, control: Values, width: float
) -> dict[str, Values]:
    """Return what every predictor makes of control cells ``(n, G)``, baselines last."""
    z = encoded(network, control)
    still = decoded(network, z)
    shifted = decoded(network, z + learned.latents.shift.mean(axis=0))
    mean = control.mean(axis=0)
    near = nearest_types_change(network, learned, control, width)
    alike = similar_shift(learned.genes, mean, width)
    share = network_share(network, learned, width)
    changes = baseline_shifts(learned.genes, mean, width)
    return {
        "latent arithmetic": shifted,
        "decoded difference": control + shifted - still,
        "nearest types": control + near,
        "combined": control + share * near + (1.0 - share) * alike,
        **{name: control + change for name, change in changes.items()},
    }


def nearest_types_change(
    network: ScgenNetwork, learned: LearnedTypes, control: Values, width: float
) -> Values:
    """Return the change of every control cell by the shift of similar types, shape ``(n, G)``."""
    weights = learned.genes.similarity(control.mean(axis=0), width)
    z = encoded(network, control)
    moved = decoded(network, z + weights @ learned.latents.shift)
    return np.asarray(moved - decoded(network, z))


def network_share(network: ScgenNetwork, learned: LearnedTypes, width: float) -> float:
    """Return how much of the network a prediction of a seen type takes, 0 to 1.

    Each seen type is predicted from the others, once by the network and once by similar types'
    shift in genes; the share is the least squares one of all types together. The network has
    seen the treated cells of these types, so the share is taken halfway to even.
    """
    if len(learned.genes.names) < 3:
        return EVEN
    upper = lower = 0.0
    for row, own in enumerate(learned.control_cells):
        others = learned.without(row)
        near = nearest_types_change(network, others, own, width).mean(axis=0)
        alike = similar_shift(others.genes, learned.genes.control[row], width)
        upper += float((near - alike) @ (learned.genes.shift[row] - alike))
        lower += float(np.square(near - alike).sum())
    best = float(np.clip(upper / lower, 0.0, 1.0)) if lower > 0 else EVEN
    return 0.5 * (best + EVEN)


@torch.no_grad()
def encoded(network: ScgenNetwork, values: Cells) -> Values:
    """Return posterior means of cells, shape ``(n, L)``."""
    blocks = torch.split(torch.as_tensor(values, dtype=torch.float32), BLOCK)
    return np.concatenate([network.latent({"x": each}).double().numpy() for each in blocks])


@torch.no_grad()
def decoded(network: ScgenNetwork, z: Values) -> Values:
    """Return the expression that latents stand for, shape ``(n, G)``."""
    blocks = torch.split(torch.as_tensor(z, dtype=torch.float32), BLOCK)
    return np.concatenate([network.decode(each).double().numpy() for each in blocks])


def some_cells(values: Cells) -> Values:
    """Return at most 2,000 of the cells, evenly over their order, in double precision."""
    rows = np.linspace(0, len(values) - 1, min(len(values), MOST_CELLS)).astype(np.int64)
    return values[rows].astype(np.float64)


def changes_of(cells: Mapping[str, Values], control: Values) -> dict[str, Values]:
    """Return the change of mean expression that every predictor says, ``(G,)``."""
    mean = control.mean(axis=0)
    return {name: each.mean(axis=0) - mean for name, each in cells.items()}
