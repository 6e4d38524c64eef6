"""Two sets of cells to compare, without the cells that are in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.expression.reader import Cells

#: Fewer cells have no spread.
FEWEST_CELLS = 2
FIRST, SECOND = 1, 2


@dataclass(frozen=True)
class CellPair:
    """Two sets of cells that share none.

    Attributes
    ----------
    first, second
        Positions, ascending.
    shared
        Number of cells that were in both sets and are left out of both.
    """

    first: Cells
    second: Cells
    shared: int

    def sides(self, n_cells: int) -> NDArray[np.uint8]:
        """Return the side of every cell, shape (n_cells,): ``FIRST``, ``SECOND`` or 0."""
        side = np.zeros(n_cells, dtype=np.uint8)
        side[self.first] = FIRST
        side[self.second] = SECOND
        return side


def cell_pair(first: Cells, second: Cells | None, n_cells: int) -> CellPair:
    """Return two sets made ready to compare.

    Parameters
    ----------
    first, second
        Positions; without a second set, all other cells.
    n_cells
        Number of all cells.

    Raises
    ------
    ConfigError
        When fewer than two cells are left of a set.
    """
    inside = np.zeros((2, n_cells), dtype=bool)
    inside[0, first] = True
    if second is None:
        inside[1] = ~inside[0]
    else:
        inside[1, second] = True
    both = inside.all(axis=0)
    inside[:, both] = False
    left = [np.flatnonzero(side).astype(np.int64) for side in inside]
    for cells, which in zip(left, ("first", "second"), strict=True):
        if len(cells) < FEWEST_CELLS:
            raise ConfigError(
                f"the {which} set",
                found=f"{len(cells)} cells that are not in the other set",
                needed=f"at least {FEWEST_CELLS}",
                fix="Choose a larger set, or two sets that share fewer cells.",
            )
    return CellPair(left[0], left[1], int(both.sum()))
