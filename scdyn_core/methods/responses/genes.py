"""Choosing genes: those seen at all, and of them those that change most beyond their noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.methods.responses.config import ResponseConfig
from scdyn_core.methods.responses.pseudobulk import CellValues, Curves, Matrix

#: Fewer cannot be divided into clusters and held-out genes.
FEWEST_GENES = 20


def chosen_genes(
    values: CellValues, times: Matrix, found: Curves, config: ResponseConfig
) -> NDArray[np.int64]:
    """Return positions of the genes to use, ascending.

    The change of a gene is the variance of its means over time beyond what their standard
    errors explain, so that noise is not mistaken for a response.

    Raises
    ------
    ConfigError
        When too few genes are left.
    """
    seen = np.stack(
        [
            np.asarray((values.values[times == time] > 0).mean(axis=0)).ravel()
            for time in found.times
        ]
    ).max(axis=0)
    kept = np.flatnonzero((seen >= config.detected) & (seen > 0))
    if len(kept) < FEWEST_GENES:
        raise ConfigError(
            "genes",
            found=f"{len(kept)} genes seen in {config.detected:.0%} of the cells of some time",
            needed=f"at least {FEWEST_GENES}",
            fix="Lower detected, or use data with more genes.",
        )
    if len(kept) <= config.genes:
        return kept
    weight = 1.0 / (found.se[kept] ** 2 + config.noise**2)
    centre = (weight * found.mean[kept]).sum(axis=1) / weight.sum(axis=1)
    change = (weight * (found.mean[kept] - centre[:, None]) ** 2).sum(axis=1)
    strongest = np.argsort(-change, kind="stable")[: config.genes]
    return np.sort(kept[strongest])
