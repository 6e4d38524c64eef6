"""Which cells of a map stand out, stay in the background or are left out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.plots.cell_colours import CellColours, GroupColours

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Emphasis:
    """What is chosen on a legend and on a map.

    Attributes
    ----------
    highlighted, hidden
        Groups, by position.
    selected
        Cells, ascending; ``None``: no selection, so all are drawn alike.
    """

    highlighted: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    selected: NDArray[np.int64] | None = None

    def masks(self, colours: CellColours, n_cells: int) -> tuple[Mask | None, Mask | None]:
        """Return which cells are drawn in colour and which in grey; ``None`` for all, for none.

        Cells whose amount is not known are grey.
        """
        front: Mask | None = None
        if self.selected is not None:
            front = np.zeros(n_cells, dtype=bool)
            front[self.selected] = True
        if not isinstance(colours, GroupColours):
            unknown = colours.unknown()
            if unknown is not None:
                front = ~unknown if front is None else front & ~unknown
            return front, None if front is None else ~front
        if self.highlighted:
            chosen = self._of_groups(colours, self.highlighted)
            front = chosen if front is None else front & chosen
        back = None if front is None else ~front
        if self.hidden:
            visible = ~self._of_groups(colours, self.hidden)
            front = visible if front is None else front & visible
            back = None if back is None else back & visible
        return front, back

    def digest(self) -> str:
        """Return a short text that differs when what stands out does."""
        told = hashlib.blake2b(digest_size=16)
        told.update(repr((sorted(self.highlighted), sorted(self.hidden))).encode())
        told.update(b"" if self.selected is None else np.ascontiguousarray(self.selected).data)
        return told.hexdigest()

    @staticmethod
    def _of_groups(colours: GroupColours, positions: frozenset[int]) -> Mask:
        chosen = np.zeros(len(colours.groups), dtype=bool)
        chosen[[p for p in positions if p < len(chosen)]] = True
        members: Mask = chosen[colours.codes]
        return members
