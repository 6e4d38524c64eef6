"""Simple facts about the values of a matrix, dense or sparse, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 4_000_000
#: Whole numbers are looked for in this many stored values, spread over the matrix.
_SAMPLED = 400_000


def stored(matrix: Any) -> NDArray[Any]:
    """Return the stored values of a matrix, one-dimensional, without a copy where possible."""
    from scipy.sparse import issparse

    values: NDArray[Any] = matrix.data if issparse(matrix) else np.asarray(matrix)
    return values.reshape(-1)


def blocks(matrix: Any) -> Iterator[NDArray[Any]]:
    """Yield the stored values in blocks."""
    values = stored(matrix)
    for start in range(0, len(values), _BLOCK):
        yield values[start : start + _BLOCK]


def n_not_finite(matrix: Any) -> int:
    """Return how many stored values are NaN or infinite."""
    return sum(int(np.count_nonzero(~np.isfinite(block))) for block in blocks(matrix))


def smallest(matrix: Any) -> float:
    """Return the smallest value, at most 0 (what sparse matrices do not store); NaN ignored."""
    lowest = (np.nanmin(block) for block in blocks(matrix) if not np.isnan(block).all())
    return float(min(lowest, default=0.0, key=float)) if stored(matrix).size else 0.0


def largest(matrix: Any) -> float:
    """Return the largest value, at least 0; NaN ignored."""
    highest = (np.nanmax(block) for block in blocks(matrix) if not np.isnan(block).all())
    return max(0.0, float(max(highest, default=0.0, key=float)))


def are_counts(matrix: Any) -> bool:
    """Whether the values are whole numbers, none negative and at least one above 1."""
    values = stored(matrix)
    sample = values[:: max(1, len(values) // _SAMPLED)]
    if not sample.size or not np.isfinite(sample).all():
        return False
    whole = bool((sample == np.round(sample)).all())
    return whole and bool(sample.min() >= 0) and bool(sample.max() > 1)


def non_zero(matrix: Any, axis: int) -> NDArray[Any]:
    """Return the number of non-zero values per column (axis 0) or row (axis 1)."""
    from scipy.sparse import issparse

    if issparse(matrix):
        return np.asarray(matrix.getnnz(axis=axis))
    counts: NDArray[Any] = np.asarray(np.count_nonzero(np.asarray(matrix), axis=axis))
    return counts
