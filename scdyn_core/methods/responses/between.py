"""Fitted curves between the sampling times, and how much less is known there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from scdyn_core.evaluation.clock import log_clock
from scdyn_core.methods.responses.pseudobulk import Matrix

#: Points put into every gap between sampling times.
IN_BETWEEN = 4


def dense_times(times: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return a denser grid that holds every sampling time, and which of its times are those."""
    clock = log_clock(times)
    share = np.arange(IN_BETWEEN + 1) / (IN_BETWEEN + 1)
    dense = (clock[:-1, None] + np.diff(clock)[:, None] * share).ravel()
    gap = times[1] - times[0]
    grid = np.append(times[0] + gap * np.expm1(dense), times[-1])
    measured = np.zeros(len(grid), dtype=bool)
    measured[:: IN_BETWEEN + 1] = True
    grid[measured] = times
    return grid, measured


def between(mean: Matrix, sd: Matrix, times: Matrix, grid: Matrix) -> tuple[Matrix, Matrix]:
    """Interpolate without overshoot over the logarithm of time; shapes ``(G, T)`` to ``(G, D)``.

    What a gene does between two times nobody saw. How far it strays from the interpolation is
    taken from its sampling times: each inner one is interpolated from its neighbours, a gap
    twice as wide, where the error of a smooth curve is four times as large.
    """
    clock, at = log_clock(times), np.log1p((grid - times[0]) / (times[1] - times[0]))
    fitted = PchipInterpolator(clock, mean, axis=1)(at)
    width = np.stack([np.interp(at, clock, row) for row in sd])
    inner = np.array([
        np.sqrt(np.square(_left_out(mean, clock, t) - mean[:, t]).mean()) / 4
        for t in range(1, len(times) - 1)
    ])  # fmt: skip
    ends = np.concatenate([inner[:1], inner, inner[-1:]])
    gap = np.clip(np.searchsorted(clock, at, side="right") - 1, 0, len(clock) - 2)
    share = (at - clock[gap]) / (clock[gap + 1] - clock[gap])
    unseen = 2 * np.sqrt(np.clip(share * (1 - share), 0, None)) * (ends[gap] + ends[gap + 1]) / 2
    return fitted, np.hypot(width, unseen)


def _left_out(mean: Matrix, clock: Matrix, t: int) -> Matrix:
    kept = np.delete(np.arange(len(clock)), t)
    value: Matrix = PchipInterpolator(clock[kept], mean[:, kept], axis=1)(clock[t])
    return value
