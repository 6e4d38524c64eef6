"""Set algebra on cells: ascending arrays without repeats in, the same out.

Marks on all cells up to the last one are faster than sorting: milliseconds for a million.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.int64]


def union(*sets: Cells) -> Cells:
    """Return the cells in any of the sets."""
    return np.flatnonzero(_marked(*sets, n_cells=_span(*sets)))


def intersection(first: Cells, *others: Cells) -> Cells:
    """Return the cells in all of the sets."""
    for other in others:
        first = first[_marked(other, n_cells=_span(first, other))[first]]
    return first


def difference(first: Cells, *others: Cells) -> Cells:
    """Return the cells of the first set that are in none of the others."""
    return first[~_marked(*others, n_cells=_span(first, *others))[first]]


def symmetric_difference(first: Cells, second: Cells) -> Cells:
    """Return the cells in one of two sets but not in both."""
    n_cells = _span(first, second)
    return np.flatnonzero(_marked(first, n_cells=n_cells) ^ _marked(second, n_cells=n_cells))


def complement(cells: Cells, n_cells: int) -> Cells:
    """Return the cells of a dataset that are not in a set.

    Parameters
    ----------
    cells
        The set.
    n_cells
        How many cells the dataset has.
    """
    return np.flatnonzero(~_marked(cells, n_cells=n_cells))


def _span(*sets: Cells) -> int:
    return max((int(cells[-1]) + 1 for cells in sets if len(cells)), default=0)


def _marked(*sets: Cells, n_cells: int) -> NDArray[np.bool_]:
    marked = np.zeros(n_cells, dtype=bool)
    for cells in sets:
        marked[cells] = True
    return marked
