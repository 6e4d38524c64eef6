"""Which cells of a map lie in what was drawn on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.cell_sets.outline import Outline
from scdyn_core.data.cell_sets.polygon import in_polygon


def cells_inside(
    x: NDArray[np.floating], y: NDArray[np.floating], outline: Outline
) -> NDArray[np.int64]:
    """Return the cells inside any lasso or box, ascending.

    The borders of a box belong to it. Inside a lasso is what its line goes around an odd number of
    times; of a point exactly on the line, its lower and left sides count as inside, its upper and
    right sides do not, up to the rounding of floating point numbers on slanted lines.

    Parameters
    ----------
    x, y
        The map, shape (cells,); cells without a finite place are in nothing.
    outline
        In the coordinates of the map.
    """
    found = np.zeros(len(x), dtype=bool)
    for box in outline.boxes:
        # In double precision: a plain number would be rounded to that of the map.
        left, right, bottom, top = map(np.float64, (box.left, box.right, box.bottom, box.top))
        found |= (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    for lasso in outline.lassos:
        found |= in_polygon(x, y, np.asarray(lasso.x), np.asarray(lasso.y))
    return np.flatnonzero(found)
