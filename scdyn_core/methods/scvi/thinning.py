"""Half of the molecules of every cell: what was not looked at can be predicted.

A count that is Poisson around its rate falls apart into two that are independent given the rate
(Batson et al. 2019, doi:10.1101/786269).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from scdyn_core.preprocess.size_factors import Counts


def halves(counts: Counts, seed: int) -> tuple[Counts, Counts]:
    """Return each molecule in one of two halves by chance, CSR matrices of the same shape."""
    rng = np.random.default_rng(seed)
    first, second = counts.copy(), counts.copy()
    first.data = rng.binomial(counts.data.astype(np.int64), 0.5).astype(np.float64)
    second.data = counts.data - first.data
    for half in (first, second):
        half.eliminate_zeros()
    return first, second


def log_factorials(counts: Counts) -> NDArray[np.float64]:
    """Return the sum of ``log count!`` of every cell, shape ``(n,)``."""
    each = counts.copy()
    each.data = gammaln(each.data + 1.0)
    return np.asarray(each.sum(axis=1)).ravel()


def library(counts: Counts) -> NDArray[np.float64]:
    """Return the log of the counts of every cell, shape ``(n,)``.

    A cell without a count tells nothing, whatever its depth is said to be.
    """
    totals = np.asarray(counts.sum(axis=1)).ravel()
    return np.asarray(np.log(np.maximum(totals, 1.0)))
