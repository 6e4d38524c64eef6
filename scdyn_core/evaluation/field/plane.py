"""Two latents to look at, what the others are meanwhile, and how much of the motion that shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.terms import Values

#: Enough cells to rank planes.
MOST_CELLS = 500
#: Cells that say what the latents left out are at a place.
NEIGHBOURS = 15


@dataclass(frozen=True)
class Plane:
    """Two latents (counted from 0); the others stay at ``rest``, shape ``(d,)``."""

    first: int
    second: int
    rest: Values

    @classmethod
    def through_median(cls, latent: Values, first: int, second: int) -> Plane:
        """Put the plane through the median cell of ``latent``, shape ``(n, d)``."""
        return cls(first, second, np.median(latent, axis=0))

    def lift(self, x: Values, y: Values) -> Values:
        """Return points of the plane in the whole latent space, shape ``(n, d)``."""
        points = np.tile(self.rest, (len(x), 1))
        points[:, self.first], points[:, self.second] = x, y
        return points

    def flatten(self, z: Values) -> Values:
        """Return the two latents of the plane, shape ``(..., 2)``."""
        return z[..., [self.first, self.second]]

    def velocity(self, field: LearnedField, x: Values, y: Values) -> Values:
        """Return the field in the plane at points of it, shape ``(n, 2)``."""
        return self.flatten(field(self.lift(x, y)))

    def offset(self, z: Values) -> Values:
        """Return how far points ``(n, d)`` lie off the plane, shape ``(n,)``, sd."""
        off = np.delete(z - self.rest, [self.first, self.second], axis=1)
        return np.asarray(np.linalg.norm(off, axis=1), dtype=np.float64)

    def share(self, field: LearnedField, latent: Values) -> float:
        """Return the share of the cells' squared speed in the plane that the plane explains.

        1 when the two latents move by themselves; 0 or less when where a cell goes depends on
        latents that the plane leaves out.
        """
        motion = self.flatten(field(latent))
        shown = self.velocity(field, latent[:, self.first], latent[:, self.second])
        total = float((motion**2).sum())
        return 1.0 - float(((motion - shown) ** 2).sum()) / total if total > 0 else 0.0


@dataclass(frozen=True)
class Sheet(Plane):
    """Two latents; at each place the others are what they are in the nearest cells there.

    Attributes
    ----------
    cells
        Shape ``(n, d)``.
    """

    cells: Values

    @classmethod
    def through(cls, latent: Values, first: int, second: int) -> Sheet:
        """Lay the sheet through the cells ``latent``, shape ``(n, d)``."""
        return cls(first, second, np.median(latent, axis=0), latent)

    @classmethod
    def most_telling(cls, field: LearnedField, latent: Values) -> Sheet:
        """Choose the two latents whose sheet shows the most of the cells' motion."""
        some = latent[:: -(-len(latent) // MOST_CELLS)]
        sheets = [
            cls.through(latent, first, second)
            for first, second in combinations(range(field.dimension), 2)
        ]
        return max(sheets, key=lambda sheet: sheet.share(field, some))

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.flatten(self.cells))

    def lift(self, x: Values, y: Values) -> Values:
        """Return points of the sheet in the whole latent space, shape ``(n, d)``."""
        ranks = np.arange(1, min(NEIGHBOURS, len(self.cells)) + 1)
        _, nearest = self._tree.query(np.column_stack([x, y]), k=ranks)
        points: Values = self.cells[nearest].mean(axis=1)
        points[:, self.first], points[:, self.second] = x, y
        return points

    def offset(self, z: Values) -> Values:
        """Return how far points ``(n, d)`` lie off the sheet, shape ``(n,)``, sd."""
        off = np.linalg.norm(z - self.lift(z[:, self.first], z[:, self.second]), axis=1)
        return np.asarray(off, dtype=np.float64)
