"""Names beside a plot that would lie on each other, moved apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

Values = NDArray[np.float64]


def spread(wanted: Values, gap: float, low: float, high: float) -> Values:
    """Return places at least ``gap`` apart and as near as can be to the wanted ones.

    Parameters
    ----------
    wanted
        Shape ``(n,)``, any order.
    gap
        Least distance; smaller where ``n`` names do not fit between ``low`` and ``high``.
    low, high
        Bounds.

    Notes
    -----
    Least squares under the order and the gap is an isotonic regression of the places less the
    room the names before them take.
    """
    n = len(wanted)
    if n == 0:
        return wanted
    gap = min(gap, (high - low) / max(n - 1, 1))
    order = np.argsort(wanted, kind="stable")
    room = gap * np.arange(n)
    free = isotonic_regression(np.clip(wanted[order], low, high) - room).x
    placed = np.empty(n)
    placed[order] = np.clip(free, low, high - room[-1]) + room
    return placed
