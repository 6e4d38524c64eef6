r"""Is one way of training better than another? The same splits and starts, so runs are paired.

Splits of the same cells share most of their training cells, so their differences are alike, and
the usual interval is far too narrow. With ``n`` splits, the mean ``d`` and variance ``s²`` of the
differences, ``d ± t_{n-1} √((1/n + n_test/n_train) s²)`` accounts for it (Nadeau & Bengio 2003,
Machine Learning 52:239): more splits of the same cells narrow it only so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: Probability with which an interval holds the difference.
CONFIDENCE = 0.95
#: Differences count as all the same below this spread, relative to their size: rounding.
SAME = 1e-9

Verdict = Literal["better", "worse", "no difference seen"]


@dataclass(frozen=True)
class PairedDifference:
    """A mean difference over pairs.

    Attributes
    ----------
    mean
        Mean difference; NaN without pairs.
    low, high
        95 % interval; NaN with fewer than two pairs.
    p
        Probability of a mean at least as far from 0 by chance, two-sided; 1 where nothing can be
        said.
    pairs
        Number of pairs with both values.
    """

    mean: float
    low: float
    high: float
    p: float
    pairs: int


def paired_difference(
    differences: NDArray[np.floating] | Sequence[float], overlap: float
) -> PairedDifference:
    """Return the mean of paired differences with its corrected interval.

    Where all differences are 0, so is the interval. Where all are the same and not 0, as happens
    to shares of few cells, their spread is not 0 but was not seen: one more pair without a
    difference is imagined to find the width of the interval and ``p``.

    Parameters
    ----------
    differences
        One a pair; those that are not finite are left out.
    overlap
        ``n_test / n_train`` of every split of the same cells; 0 where every pair has data of its
        own.
    """
    from scipy.stats import t

    values = np.asarray(differences, dtype=np.float64)
    values = values[np.isfinite(values)]
    pairs, nan = len(values), float("nan")
    if pairs < 2:
        return PairedDifference(float(values.mean()) if pairs else nan, nan, nan, 1.0, pairs)
    mean = float(values.mean())
    if not values.any():
        return PairedDifference(0.0, 0.0, 0.0, 1.0, pairs)
    # In units of the largest, so that squares neither overflow nor vanish.
    unit = float(np.abs(values).max())
    seen = values / unit
    if np.ptp(seen) <= SAME:
        seen = np.append(seen, 0.0)
    n = len(seen)
    error = unit * float(np.sqrt((1 / n + overlap) * seen.var(ddof=1)))
    half = float(t.ppf(0.5 + CONFIDENCE / 2, n - 1)) * error
    p = 2 * float(t.sf(abs(mean) / error, n - 1))
    return PairedDifference(mean, mean - half, mean + half, p, pairs)


def holm(p: NDArray[np.floating] | Sequence[float]) -> NDArray[np.float64]:
    """Return p-values corrected for how many questions were asked (Holm 1979), shape ``(k,)``.

    The probability that any of the ``k`` answers is wrong stays below the level they are held to.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected


def verdict(difference: float, corrected_p: float, better: Literal["higher", "lower"]) -> Verdict:
    """Return what a difference says, once its p-value is corrected for the number of questions."""
    if corrected_p > 1 - CONFIDENCE or difference == 0:
        return "no difference seen"
    return "better" if (difference > 0) == (better == "higher") else "worse"
