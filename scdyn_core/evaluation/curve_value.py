"""The value of fitted curves at any time between those they are stored at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class CurveValue:
    """A fitted value and its band, in the unit of the curve (log2)."""

    fitted: float
    low: float
    high: float


def value_at(curve: pd.DataFrame, time: float) -> CurveValue:
    """Interpolate the curve of one gene linearly between the times of its grid.

    Parameters
    ----------
    curve
        ``time``, ``fitted``, ``low`` and ``high`` of one gene.
    time
        Within the times of the curve.

    Raises
    ------
    ValueError
        When the curve ends before this time or begins after it.
    """
    ordered = curve.sort_values("time")
    times = ordered["time"].to_numpy(dtype=np.float64)
    if not len(times) or not times[0] <= time <= times[-1]:
        raise ValueError(f"no curve at {time:g}")
    fitted, low, high = (
        float(np.interp(time, times, ordered[name].to_numpy(dtype=np.float64)))
        for name in ("fitted", "low", "high")
    )
    return CurveValue(fitted, low, high)
