"""Where the cells are: beyond them, equations learned from them are extrapolation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.field.terms import Values

#: A place is as far from the cells as its fifth nearest cell: single outliers open no country.
NEIGHBOURS = 5
#: Among the cells is what is at most twice as far from them as 99% of them are themselves.
QUANTILE, TOLERANCE = 0.99, 2.0
#: Cells that say where a state lies on a map.
MAP_NEIGHBOURS = 30


@dataclass(frozen=True)
class Support:
    """The cells in latent space, shape ``(n, d)``, and how far from them is too far."""

    cells: Values

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.cells)

    @cached_property
    def limit(self) -> float:
        """Largest distance (sd) that counts as among the cells."""
        count = min(NEIGHBOURS + 1, len(self.cells))
        own, _ = self._tree.query(self.cells, k=[count])
        return TOLERANCE * float(np.quantile(own, QUANTILE))

    def distance(self, z: Values) -> Values:
        """Return the distance to the fifth nearest cell, same leading shape as ``z``."""
        distance, _ = self._tree.query(z, k=[min(NEIGHBOURS, len(self.cells))])
        return np.asarray(distance[..., 0], dtype=np.float64)

    def among(self, z: Values) -> NDArray[np.bool_]:
        """Return which places are among the cells."""
        inside: NDArray[np.bool_] = self.distance(z) <= self.limit
        return inside

    def nearest(self, z: Values, count: int) -> NDArray[np.int64]:
        """Return the ``count`` nearest cells of each place, shape ``(n, count)``."""
        ranks = np.arange(1, min(count, len(self.cells)) + 1)
        _, index = self._tree.query(z, k=ranks)
        return np.asarray(index, dtype=np.int64)

    @cached_property
    def box(self) -> tuple[Values, Values]:
        """Lowest and highest latents of the cells, shapes ``(d,)``."""
        return self.cells.min(axis=0), self.cells.max(axis=0)


def place_on_map(path: Values, support: Support, places: Values) -> Values:
    """Return where states ``(t, d)`` lie on a map of the cells, shape ``(t, 2)``.

    The mean place of the nearest cells, weighted by 1 / distance (kNN regression): a picture,
    since a map such as UMAP has no true distances. NaN where a state is.

    Parameters
    ----------
    places
        Of the cells on the map, shape ``(n, 2)``.
    """
    found = np.full((len(path), places.shape[1]), np.nan)
    known = np.isfinite(path).all(axis=1)
    if not known.any():
        return found
    nearest = support.nearest(path[known], MAP_NEIGHBOURS)
    distance = np.linalg.norm(support.cells[nearest] - path[known][:, None], axis=2)
    weight = 1.0 / np.maximum(distance, 1e-9)
    weight /= weight.sum(axis=1, keepdims=True)
    found[known] = (places[nearest] * weight[..., None]).sum(axis=1)
    return found
