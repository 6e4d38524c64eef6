"""The types that were seen with and without treatment: means of their cells, and responses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError

Values = NDArray[np.float64]
#: Cells x genes, or cells x latents, in single or double precision.
Cells = NDArray[np.floating]
#: Cells in each condition that a type must have for its response to be learned.
FEWEST = 5


def seen_names(types: NDArray[np.str_], treated: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the types with at least five cells in both conditions.

    Parameters
    ----------
    types, treated
        Type of every learned cell, and whether it was treated, shape ``(n,)``.

    Raises
    ------
    ConfigError
        When there is no such type.
    """
    names = tuple(
        str(name)
        for name in np.unique(types)
        if min(np.bincount(treated[types == name], minlength=2)) >= FEWEST
    )
    if not names:
        raise ConfigError(
            "cell types",
            found=f"no type with {FEWEST} control and {FEWEST} treated cells to learn from",
            needed="at least one: its response is what is carried over",
            fix="Hold out another type, or check the roles cell_type and condition.",
        )
    return names


@dataclass(frozen=True)
class SeenTypes:
    """What is known of K types in both conditions.

    Attributes
    ----------
    names
        Names of the types.
    control
        Mean log-normalised expression of their control cells, shape ``(K, G)``.
    shift
        Mean of treated minus mean of control cells, shape ``(K, G)``.
    cells
        Cells of every type in both conditions together, shape ``(K,)``.
    """

    names: tuple[str, ...]
    control: Values
    shift: Values
    cells: NDArray[np.int64]

    @classmethod
    def of(cls, values: Cells, types: NDArray[np.str_], treated: NDArray[np.bool_]) -> SeenTypes:
        """Find the types with at least five cells in both conditions.

        Parameters
        ----------
        values
            Log-normalised expression, or latents, of learned cells, shape ``(n, G)``.
        types, treated
            Type of every cell, and whether it was treated, shape ``(n,)``.

        Raises
        ------
        ConfigError
            When there is no such type.
        """
        names = seen_names(types, treated)
        means = {
            (name, state): values[(types == name) & (treated == state)].mean(0, dtype=np.float64)
            for name in names
            for state in (False, True)
        }
        control = np.array([means[name, False] for name in names])
        shift = np.array([means[name, True] for name in names]) - control
        cells = np.array([np.count_nonzero(types == name) for name in names])
        return cls(names, control, shift, cells)

    def without(self, row: int) -> SeenTypes:
        """Return all types but one."""
        kept = np.arange(len(self.names)) != row
        names = tuple(np.asarray(self.names)[kept].tolist())
        return SeenTypes(names, self.control[kept], self.shift[kept], self.cells[kept])

    def distances(self, control: Values) -> Values:
        """Return how far control cells with mean ``(G,)`` are from those of every type, ``(K,)``.

        Euclidean, in natural log units.
        """
        return np.asarray(np.linalg.norm(self.control - control, axis=1))

    def similarity(self, control: Values, width: float) -> Values:
        """Return weights of the types that fall with the distance of their control cells.

        ``w_k ∝ exp(-d_k / (width · mean d))``, sum 1, shape ``(K,)``.
        """
        distance = self.distances(control)
        mean = distance.mean()
        if not mean > 0:
            return np.full(len(distance), 1.0 / len(distance))
        weights = np.exp(-(distance - distance.min()) / (width * mean))
        return np.asarray(weights / weights.sum())
