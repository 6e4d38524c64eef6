"""When genes respond: onset, peak and half-life of fitted curves in real time.

The size of a response is the largest change from the first time, up or down. Between the given
times curves are straight lines: give them on a dense grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Timing:
    """Times of the responses, each of the curves' shape without its last axis.

    Attributes
    ----------
    change
        Largest change from the first time, signed, in the unit of the curves.
    onset
        First time at which half of that change is made; NaN for a curve that never changes.
    peak
        Time of the largest change, the first if there are several; NaN likewise.
    half_life
        Time from the peak until half of the change is lost; NaN if that is never seen.
    """

    change: Values
    onset: Values
    peak: Values
    half_life: Values


def timing(curves: NDArray[np.floating], times: NDArray[np.floating]) -> Timing:
    """Measure the responses of many curves.

    Parameters
    ----------
    curves
        Shape ``(..., T)``, log expression. A curve with a value that is not finite gives NaN.
    times
        Increasing, shape ``(T,)``, real unit.

    Raises
    ------
    ValueError
        If times do not increase or are not as many as the curves have values.
    """
    clock: Values = np.asarray(times, dtype=np.float64)
    if clock.ndim != 1 or curves.shape[-1:] != clock.shape or not (np.diff(clock) > 0).all():
        raise ValueError("times must increase, one for each value of a curve")
    known = np.isfinite(curves).all(axis=-1)
    moved = np.where(known[..., None], curves, 0.0).astype(np.float64)
    moved = moved - moved[..., :1]
    at = np.abs(moved).argmax(axis=-1)
    change = np.take_along_axis(moved, at[..., None], axis=-1)[..., 0]
    flat = change == 0
    share = moved / np.where(flat, 1.0, change)[..., None]
    peak = np.where(flat, np.nan, clock[at])
    after = np.arange(len(clock)) >= at[..., None]
    onset = _first_crossing(share, clock)
    lost = _first_crossing(np.where(after, 1.0 - share, 0.0), clock)
    return Timing(np.where(known, change, np.nan), onset, peak, lost - peak)


def _first_crossing(share: Values, times: Values) -> Values:
    """Return when each curve first reaches one half, interpolated; NaN if never."""
    reached = share >= 0.5
    right = reached.argmax(axis=-1)
    left = np.maximum(right - 1, 0)
    high = np.take_along_axis(share, right[..., None], axis=-1)[..., 0]
    low = np.take_along_axis(share, left[..., None], axis=-1)[..., 0]
    rise = np.where(high > low, high - low, 1.0)
    found = times[left] + (0.5 - low) / rise * (times[right] - times[left])
    return np.where(reached.any(axis=-1), found, np.nan)
