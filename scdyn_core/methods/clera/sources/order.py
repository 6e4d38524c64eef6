"""The order of the cells of each part, found again inside the part.

A pseudotime that came with the data was learned from all cells. Diffusion pseudotime
(Haghverdi et al. 2016, doi:10.1038/nmeth.3971, through scanpy) is found again inside each part,
from its cell nearest to where the given pseudotime begins among the training cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from scdyn_core.data.split import Part
from scdyn_core.methods.clera.sources.moving import Matrix
from scdyn_core.methods.clera.sources.quiet import quiet

if TYPE_CHECKING:
    from anndata import AnnData

Times = Mapping[Part, NDArray[np.float64]]

#: Share of the training cells, the earliest, whose mean is where time begins.
EARLIEST = 0.01
DIFFUSION_COMPONENTS = 10
#: Rank correlation on training cells below which diffusion tells another story than the order.
LEAST_AGREEMENT = 0.7

RECOMPUTED = (
    "The order was found again inside each part, from its cell nearest to the earliest training "
    "cells of the given pseudotime; only where it begins was learned from all cells."
)
GIVEN = (
    "The pseudotime was learned before the split, from all cells together, and is taken as it "
    "is, because diffusion from its beginning orders the training cells otherwise (rank "
    "correlation {agreement:.2f}): scores on test cells may be optimistic."
)


@dataclass(frozen=True)
class Order:
    """Pseudotime of every cell, part by part (not finite: unknown), and what to know of it."""

    times: Times
    caution: str


def order_inside_parts(parts: Mapping[Part, AnnData], given: Times) -> Order:
    """Order the cells of each part; the given order decides where, and whether it can be done.

    Parameters
    ----------
    parts
        Parts with neighbours and with ``X_pca`` in the training part's components.
    given
        Pseudotime of the same cells, shape ``(n,)`` each.
    """
    beginning = _beginning(np.asarray(parts["train"].obsm["X_pca"]), given["train"])
    times = {part: _diffusion_pseudotime(adata, beginning) for part, adata in parts.items()}
    agreement = _agreement(times["train"], given["train"])
    if agreement < LEAST_AGREEMENT:
        return Order(given, GIVEN.format(agreement=agreement))
    return Order(times, RECOMPUTED)


def _beginning(places: Matrix, order: NDArray[np.float64]) -> NDArray[np.float64]:
    timed = np.flatnonzero(np.isfinite(order))
    earliest = timed[np.argsort(order[timed], kind="stable")]
    place: NDArray[np.float64] = places[earliest[: max(1, int(EARLIEST * len(timed)))]].mean(axis=0)
    return place


def _diffusion_pseudotime(adata: AnnData, beginning: NDArray[np.float64]) -> NDArray[np.float64]:
    import scanpy as sc

    distances = np.linalg.norm(np.asarray(adata.obsm["X_pca"]) - beginning, axis=1)
    adata.uns["iroot"] = int(distances.argmin())
    count = min(DIFFUSION_COMPONENTS, adata.n_obs - 2)
    with quiet():
        sc.tl.diffmap(adata, n_comps=count)
        sc.tl.dpt(adata, n_dcs=count)
    time: NDArray[np.float64] = adata.obs["dpt_pseudotime"].to_numpy(dtype=np.float64)
    return time


def _agreement(found: NDArray[np.float64], given: NDArray[np.float64]) -> float:
    """Return the rank correlation; cells that diffusion does not reach count as disagreement."""
    asked = np.isfinite(given)
    both = asked & np.isfinite(found)
    if both.sum() < 3 or np.ptp(given[both]) == 0:
        return 0.0
    return float(spearmanr(found[both], given[both]).statistic * both.sum() / asked.sum())
