"""Which points lie inside a polygon, for a million of them in tens of milliseconds.

The even-odd rule: a point is inside when a ray from it crosses the border an odd number of times.
A grid over the polygon knows for most of its squares that they lie inside or outside as a whole;
only points in squares near the border are tested against edges. An edge counts its lower end and
not its upper one, so that of two polygons that share a border every point of it is in one only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_GRID = 512
_BLOCK = 1 << 16
_OUTSIDE, _INSIDE, _BORDER = 0, 1, 2


@dataclass(frozen=True)
class _Edges:
    """Edges from their lower to their upper end; horizontal ones cross no ray."""

    x1: Floats
    y1: Floats
    x2: Floats
    y2: Floats

    @classmethod
    def of(cls, x: Floats, y: Floats) -> _Edges:
        x2, y2 = np.roll(x, -1), np.roll(y, -1)
        up = y <= y2
        return cls(
            np.where(up, x, x2), np.where(up, y, y2), np.where(up, x2, x), np.where(up, y2, y)
        )

    def at(self, edge: NDArray[np.int64], y: Floats) -> Floats:
        """Return x where edges reach heights within them."""
        rise = self.y2[edge] - self.y1[edge]
        share = np.divide(y - self.y1[edge], rise, out=np.zeros(len(y)), where=rise > 0)
        return self.x1[edge] + share * (self.x2[edge] - self.x1[edge])


def in_polygon(
    x: NDArray[np.floating], y: NDArray[np.floating], corner_x: Floats, corner_y: Floats
) -> NDArray[np.bool_]:
    """Return which points are inside.

    Parameters
    ----------
    x, y
        Points, shape (points,); those that are not finite are outside.
    corner_x, corner_y
        Corners in order, shape (corners,), at least three; the last is joined to the first. The
        polygon may cross itself.
    """
    left, right, bottom, top = corner_x.min(), corner_x.max(), corner_y.min(), corner_y.max()
    width, height = right - left, top - bottom
    found = np.zeros(len(x), dtype=bool)
    if not (width > 0 and height > 0):
        return found
    grid = _squares(
        _Edges.of((corner_x - left) / width * _GRID, (corner_y - bottom) / height * _GRID)
    )
    close = []
    # Block by block, so that all steps find the points in the fast memory of the processor.
    for start in range(0, len(x), _BLOCK):
        block_x, block_y = x[start : start + _BLOCK], y[start : start + _BLOCK]
        near = np.flatnonzero(
            (block_x >= left) & (block_x <= right)
            & (block_y >= bottom) & (block_y <= top)
        )  # fmt: skip
        column = ((block_x[near].astype(np.float64) - left) / width * _GRID).astype(np.int32)
        row = ((block_y[near].astype(np.float64) - bottom) / height * _GRID).astype(np.int32)
        square = grid[np.minimum(row, _GRID - 1) * _GRID + np.minimum(column, _GRID - 1)]
        found[start + near[square == _INSIDE]] = True
        close.append(start + near[square == _BORDER])
    rest = np.concatenate([np.empty(0, dtype=np.int64), *close])
    found[rest] = _crossed_oddly(
        x[rest].astype(np.float64), y[rest].astype(np.float64), _Edges.of(corner_x, corner_y)
    )
    return found


def _crossed_oddly(x: Floats, y: Floats, edges: _Edges) -> NDArray[np.bool_]:
    """Test points against edges; sorted by height, those an edge may cross are neighbours."""
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    first, last = np.searchsorted(y, edges.y1), np.searchsorted(y, edges.y2)
    odd = np.zeros(len(x), dtype=bool)
    for edge in np.flatnonzero(last > first):
        own = slice(first[edge], last[edge])
        share = (y[own] - edges.y1[edge]) / (edges.y2[edge] - edges.y1[edge])
        odd[own] ^= x[own] < edges.x1[edge] + share * (edges.x2[edge] - edges.x1[edge])
    result = np.empty(len(x), dtype=bool)
    result[order] = odd
    return result


def _squares(edges: _Edges) -> NDArray[np.uint8]:
    """Return for every square of the grid, row by row, where it lies; edges in its units."""
    first = np.floor(edges.y1).astype(np.int64)
    rows = np.floor(edges.y2).astype(np.int64) - first + 1
    edge = np.repeat(np.arange(len(first)), rows)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(rows) - rows, rows) + first[edge]
    centre = row + 0.5
    crossing = (edges.y1[edge] <= centre) & (centre < edges.y2[edge])
    crossed = np.zeros((_GRID + 1, _GRID + 1), dtype=np.int64)
    at = np.floor(edges.at(edge[crossing], centre[crossing])).astype(np.int64)
    np.add.at(crossed, (row[crossing], at.clip(0, _GRID)), 1)
    to_the_right = crossed[:, ::-1].cumsum(axis=1)[:, ::-1] - crossed
    squares = np.where(to_the_right % 2, _INSIDE, _OUTSIDE).astype(np.uint8)
    squares[_touched(edges, edge, row)] = _BORDER
    return np.ascontiguousarray(squares[:_GRID, :_GRID]).ravel()


def _touched(edges: _Edges, edge: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which squares an edge passes or comes within one square of."""
    low = np.maximum(row, edges.y1[edge])
    high = np.minimum(row + 1, edges.y2[edge])
    level = edges.y1[edge] == edges.y2[edge]
    start, end = edges.at(edge, low), np.where(level, edges.x2[edge], edges.at(edge, high))
    steps = np.zeros((_GRID + 1, _GRID + 2), dtype=np.int64)
    left = np.floor(np.minimum(start, end)).astype(np.int64).clip(0, _GRID)
    right = np.floor(np.maximum(start, end)).astype(np.int64).clip(0, _GRID)
    np.add.at(steps, (row.clip(0, _GRID), left), 1)
    np.add.at(steps, (row.clip(0, _GRID), right + 1), -1)
    passed = np.pad(steps[:, :-1].cumsum(axis=1) > 0, 1)
    # One square more on every side: rounding may put a point beside the square it is in.
    wide = passed[:, :-2] | passed[:, 1:-1] | passed[:, 2:]
    return wide[:-2] | wide[1:-1] | wide[2:]
