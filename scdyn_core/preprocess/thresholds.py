"""Thresholds suggested from the data: so many median absolute deviations from the median."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def lower_mad(values: NDArray[np.float64], n_mads: float) -> float:
    """Return the lower limit on the scale of ``log(1 + values)``, in the units of ``values``.

    Zero where more than half of the values are equal: the spread is then not known.
    """
    logged = np.log1p(values)
    mad = _mad(logged)
    return float(max(np.expm1(np.median(logged) - n_mads * mad), 0.0)) if mad > 0 else 0.0


def upper_mad(values: NDArray[np.float64], n_mads: float) -> float:
    """Return the upper limit on the plain scale.

    Infinite where more than half of the values are equal: a limit at the median would remove
    every cell with a single mitochondrial count.
    """
    mad = _mad(values)
    return float(np.median(values) + n_mads * mad) if mad > 0 else float("inf")


def _mad(values: NDArray[np.float64]) -> float:
    return float(np.median(np.abs(values - np.median(values))))
