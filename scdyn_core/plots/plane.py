"""A plane of two latents through the cells, and how much of their motion it shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scdyn_core.plots.learned_field import LearnedField
from scdyn_core.plots.terms import Values

#: Enough cells to rank planes.
MOST_CELLS = 500


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

    @classmethod
    def most_telling(cls, field: LearnedField, latent: Values) -> Plane:
        """Choose the two latents whose plane shows the most of the cells' motion."""
        planes = [
            cls.through_median(latent, first, second)
            for first, second in combinations(range(field.dimension), 2)
        ]
        some = latent[:: -(-len(latent) // MOST_CELLS)]
        return max(planes, key=lambda plane: plane.share(field, some))

    def lift(self, x: Values, y: Values) -> Values:
        """Return points of the plane in the whole latent space, shape ``(n, d)``."""
        points = np.tile(self.rest, (len(x), 1))
        points[:, self.first], points[:, self.second] = x, y
        return points

    def share(self, field: LearnedField, latent: Values) -> float:
        """Return the share of the cells' squared speed in the plane that the plane explains.

        1 when the two latents move by themselves; 0 or less when where a cell goes depends on
        latents that the plane leaves out.
        """
        axes = [self.first, self.second]
        motion = field(latent)[:, axes]
        shown = field(self.lift(latent[:, self.first], latent[:, self.second]))[:, axes]
        total = float((motion**2).sum())
        return 1.0 - float(((motion - shown) ** 2).sum()) / total if total > 0 else 0.0
