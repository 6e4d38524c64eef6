"""Rank sums where many values are equal: zeros of sparse data are one block of ties.

Symbols: N cells of both sets; t_k cells that have the k-th smallest value, of which f_k are in the
first set; midranks and the correction for ties as Hollander, Wolfe and Chicken (2014) give them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SIGN = np.uint32(0x8000_0000)


def rank_sum(
    values: NDArray[np.float32], in_first: NDArray[np.bool_], zeros: tuple[int, int]
) -> tuple[float, float]:
    """Return the rank sum of the first set and the factor of its variance that is due to ties.

    Parameters
    ----------
    values
        Of the cells in either set that are not 0, any order.
    in_first
        Which of them are in the first set.
    zeros
        Cells of the first and of the second set whose value is 0.

    Returns
    -------
    rank sum
        Of the first set, with mean ranks for ties.
    factor
        1 without ties, 0 where all values are equal.
    """
    shared, of_first, below = _ties(values, in_first)
    if sum(zeros):
        shared, of_first = (
            np.insert(shared, below, sum(zeros)),
            np.insert(of_first, below, zeros[0]),
        )
    midranks = np.cumsum(shared) - shared + (shared + 1) / 2
    n = float(shared.sum())
    tied = float((shared.astype(np.float64) ** 3 - shared).sum())
    return float((of_first * midranks).sum()), 1.0 - tied / (n**3 - n)


def _ties(
    values: NDArray[np.float32], in_first: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return t_k and f_k, and how many different values are below 0.

    One sort of whole numbers is several times faster than sorting positions: the bits of a value
    above, whose set it is in the last bit.
    """
    if not len(values):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0
    bits = values.view(np.uint32)
    ordered = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    keys = ordered.astype(np.uint64) << np.uint64(1) | in_first
    keys.sort()
    ordered = (keys >> np.uint64(1)).astype(np.uint32)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    shared = np.diff(starts, append=len(keys))
    of_first = np.add.reduceat((keys & np.uint64(1)).astype(np.int64), starts)
    return shared, of_first, int(np.count_nonzero(ordered[starts] < _SIGN))
