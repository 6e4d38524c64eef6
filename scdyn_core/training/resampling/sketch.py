"""Weights from a geometric sketch: the space that cells fill is drawn evenly, however crowded.

The plaid covering of Hie et al. 2019 ("Geometric sketching compactly summarizes the single-cell
transcriptomic landscape", Cell Systems): along every axis, intervals of one width begin at a cell,
each where the last one ended; cells in the same intervals on all axes are in one box, and the
width is sought at which there are about as many boxes as the square root of the number of cells.
A sketch draws boxes evenly, and cells evenly within a box. These weights are what it draws in the
long run, without its chance. The boxes are those of the library geosketch, found some thirty
times faster; in many dimensions most of them are around outliers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
#: How near the number of boxes must come to the wanted one.
_TOLERANCE = 0.1
#: Halvings of the interval that the width is sought in.
_HALVINGS = 40


def sketch_weights(latent: NDArray[np.floating], seed: int) -> NDArray[np.float64]:
    """Return weights under which every box of the covering is drawn equally often.

    Parameters
    ----------
    latent
        Shape ``(N, D)``; the axes with the widest range are cut first.
    seed
        Of the names of boxes, which decide nothing but by a collision of 64 bits.

    Returns
    -------
    Shape ``(N,)``, sum 1.
    """
    _, member, cells = np.unique(covering(latent, seed), return_inverse=True, return_counts=True)
    return np.asarray(1 / (len(cells) * cells[member]), dtype=np.float64)


def covering(latent: NDArray[np.floating], seed: int) -> Hashes:
    """Return the box of every cell, shape ``(N,)``; equal numbers are the same box."""
    columns = np.ascontiguousarray((latent - latent.min(axis=0)).T, dtype=np.float64)
    largest = columns.max()
    if largest <= 0:
        return np.zeros(len(latent), dtype=np.uint64)
    columns /= largest
    ordered, ranges = np.sort(columns, axis=1), columns.max(axis=1)
    wanted = int(np.sqrt(len(latent)))
    low, high = 0.0, float(ranges.max())
    width = (low + high) / 4
    for _ in range(_HALVINGS):
        boxes = _boxes(columns, ordered, ranges, width, seed)
        count = len(np.unique(boxes))
        if count > wanted * (1 + _TOLERANCE):
            low = width
        elif count < wanted * (1 - _TOLERANCE):
            high = width
        else:
            break
        width = (low + high) / 2
    return boxes


def _boxes(
    columns: NDArray[np.float64],
    ordered: NDArray[np.float64],
    ranges: NDArray[np.float64],
    width: float,
    seed: int,
) -> Hashes:
    """Return the box of every cell at one width: a sum of random numbers, one an interval."""
    rng = np.random.default_rng(seed)
    boxes = np.zeros(columns.shape[1], dtype=np.uint64)
    for axis in np.flatnonzero(ranges > width):
        starts = _starts(ordered[axis], width)
        names = rng.integers(0, 2**64, len(starts), dtype=np.uint64)
        boxes += names[np.searchsorted(starts, columns[axis], side="right") - 1]
    return boxes


def _starts(ordered: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Return where the intervals of an axis begin: each at the first cell past the last one."""
    starts, at = [], 0
    while at < len(ordered):
        starts.append(ordered[at])
        at = int(np.searchsorted(ordered, ordered[at] + width, side="right"))
    return np.array(starts)
