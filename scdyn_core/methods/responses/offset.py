"""What all genes seem to do together between two times is depth and composition, not response."""

from __future__ import annotations

import numpy as np
from scipy.stats import gaussian_kde

from scdyn_core.methods.responses.pseudobulk import Curves, Matrix

_GRID = 400


def common_change(found: Curves) -> Matrix:
    """Return the most common difference to the first measured time, shape ``(T,)``.

    The mode, not the mean: genes that respond must not pull it.
    """
    known = np.flatnonzero(np.isfinite(found.se).all(axis=0))
    offset = np.zeros(len(found.times))
    first = known[0]
    for time in known[1:]:
        difference = found.mean[:, time] - found.mean[:, first]
        error = np.hypot(found.se[:, time], found.se[:, first])
        offset[time], _ = common_difference(difference, error)
    return offset


def common_difference(difference: Matrix, error: Matrix) -> tuple[float, float]:
    """Return the most common of some genes' differences, and how dense they are there.

    Only the better measured half of the genes is asked. The density is infinite where they all
    agree.
    """
    sure = difference[error <= np.median(error)]
    low, high = np.quantile(sure, [0.01, 0.99])
    if len(sure) < 3 or high - low < 1e-9:
        return float(np.median(sure)), np.inf
    grid = np.linspace(low, high, _GRID)
    density = gaussian_kde(sure)(grid)
    return float(grid[density.argmax()]), float(density.max())
