"""Prediction intervals that hold what they say, and how far predictions are off.

Split conformal prediction (Lei et al., Journal of the American Statistical Association 113 (2018)
1094): whatever the model thinks of its own error, a factor measured on validation genes makes its
intervals cover new genes of the same kind as often as claimed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

#: Share of new genes that an interval is to hold.
LEVEL = 0.9


def interval_factor(
    errors: NDArray[np.floating], sd: NDArray[np.floating], level: float = LEVEL
) -> float:
    """Return by what to multiply a predicted sd for half the width of an interval.

    The ``ceil((n + 1) · level)``-th smallest of ``|error| / sd`` over n validation genes. About
    1.64 where a normal model is right. With fewer than ``level / (1 - level)`` genes (9 for 90 %)
    no finite interval is certain to hold; the largest ratio is taken then, which covers
    ``n / (n + 1)``.

    Parameters
    ----------
    errors
        Observed minus predicted of validation genes, any shape; NaN is left out.
    sd
        Predicted standard deviation, same shape, positive.
    level
        Share to be covered.

    Raises
    ------
    ValueError
        If no error is left, or the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError("the level must lie between 0 and 1")
    ratio = np.abs(np.asarray(errors, dtype=np.float64)) / np.asarray(sd, dtype=np.float64)
    ratio = np.sort(ratio[np.isfinite(ratio)])
    if not len(ratio):
        raise ValueError("no validation error is known")
    # Rounded first: (9 + 1) · 0.9 is just above 9 in binary fractions.
    rank = math.ceil(round((len(ratio) + 1) * level, 9))
    return float(ratio[min(rank, len(ratio)) - 1])


def coverage(
    observed: NDArray[np.floating], low: NDArray[np.floating], high: NDArray[np.floating]
) -> float:
    """Return the share of values within their interval; NaN where there is none to count."""
    known = np.isfinite(observed) & ~np.isnan(low) & ~np.isnan(high)
    if not known.any():
        return np.nan
    return float(((observed >= low) & (observed <= high))[known].mean())


def rmse(observed: NDArray[np.floating], predicted: NDArray[np.floating]) -> float:
    """Return the root mean square error over the values known in both; NaN where none is."""
    error = np.asarray(observed, dtype=np.float64) - np.asarray(predicted, dtype=np.float64)
    error = error[np.isfinite(error)]
    return float(np.sqrt(np.square(error).mean())) if len(error) else np.nan
