"""What all genes seem to do together between two times is depth and composition, not response."""

from __future__ import annotations

import numpy as np
from scipy.stats import gaussian_kde

from scdyn_core.methods.responses.pseudobulk import Curves, Matrix

_GRID = 400


def common_change(found: Curves) -> Matrix:
    """Return the most common difference to the first measured time, shape ``(T,)``.

    The mode, not the mean: genes that respond must not pull it. Only the better measured half
    of the genes is asked.
    """
    known = np.flatnonzero(np.isfinite(found.se).all(axis=0))
    offset = np.zeros(len(found.times))
    first = known[0]
    for time in known[1:]:
        difference = found.mean[:, time] - found.mean[:, first]
        error = np.hypot(found.se[:, time], found.se[:, first])
        sure = difference[error <= np.median(error)]
        offset[time] = _mode(sure)
    return offset


def _mode(values: Matrix) -> float:
    low, high = np.quantile(values, [0.01, 0.99])
    if len(values) < 3 or high - low < 1e-9:
        return float(np.median(values))
    grid = np.linspace(low, high, _GRID)
    return float(grid[gaussian_kde(values)(grid).argmax()])
