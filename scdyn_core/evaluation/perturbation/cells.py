"""Cells with labels, and the mean and variance of every label.

Symbols: n cells; G genes; P labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Indices = NDArray[np.int64]
#: Matrix of cells × genes, dense or scipy CSR.
Matrix = Any

#: Values made dense at a time.
_BLOCK = 4_000_000


@dataclass(frozen=True)
class GroupMeans:
    """Moments of groups of cells: ``mean`` and ``variance`` ``(P, G)``, ``cells`` ``(P,)``.

    The variance is that between cells (divisor n - 1). A group without cells has mean NaN, one of
    fewer than two variance 0.
    """

    mean: Values
    variance: Values
    cells: Indices


def group_means(values: Matrix, group: Indices, groups: int) -> GroupMeans:
    """Return the moments of the groups 0..groups - 1; cells of a negative group are left out."""
    genes = values.shape[1]
    total, squares = np.zeros((groups, genes)), np.zeros((groups, genes))
    order = np.argsort(group, kind="stable")
    order = order[np.searchsorted(group[order], 0) :]
    step = max(_BLOCK // max(genes, 1), 1)
    for start in range(0, len(order), step):
        rows = order[start : start + step]
        block = dense(values[rows])
        present, starts = np.unique(group[rows], return_index=True)
        total[present] += np.add.reduceat(block, starts, axis=0)
        squares[present] += np.add.reduceat(np.square(block), starts, axis=0)
    cells = np.bincount(group[order], minlength=groups).astype(np.int64)
    size = cells[:, None].astype(np.float64)
    mean = np.where(size > 0, total / np.maximum(size, 1), np.nan)
    spread = np.maximum(squares - total**2 / np.maximum(size, 1), 0.0)
    return GroupMeans(mean, spread / np.maximum(size - 1, 1), cells)


def dense(values: Matrix) -> Values:
    """Return a matrix as a dense one of float64."""
    array = values.toarray() if hasattr(values, "toarray") else values
    return np.asarray(array, dtype=np.float64)


@dataclass(frozen=True)
class Cells:
    """Log-normalised expression and a label for every cell.

    Attributes
    ----------
    values
        Dense or CSR, shape ``(n, G)``, natural log1p of normalised counts.
    labels
        Perturbation of every cell, shape ``(n,)``, text.
    """

    values: Matrix
    labels: NDArray[np.object_]

    def __post_init__(self) -> None:
        if len(self.values.shape) != 2 or self.values.shape[0] != len(self.labels):
            raise ValueError(
                f"one label a cell is needed: {len(self.labels)} labels, values of shape "
                f"{tuple(self.values.shape)}"
            )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Labels that occur, sorted."""
        return tuple(str(name) for name in np.unique(self.labels.astype(str)))

    @cached_property
    def place(self) -> dict[str, int]:
        """Number of every label in ``names`` and ``groups``."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def group(self) -> Indices:
        """Number of the label of every cell, shape ``(n,)``."""
        return np.unique(self.labels.astype(str), return_inverse=True)[1].astype(np.int64)

    @cached_property
    def groups(self) -> GroupMeans:
        """Moments of every label, in the order of ``names``."""
        return group_means(self.values, self.group, len(self.names))

    @cached_property
    def _rows(self) -> list[Indices]:
        order = np.argsort(self.group, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.group))[:-1])

    def rows(self, name: str) -> Indices:
        """Return the cells with a label; none where it does not occur."""
        number = self.place.get(name)
        return np.empty(0, dtype=np.int64) if number is None else self._rows[number]

    def count(self, name: str) -> int:
        """Return the number of cells with a label."""
        return len(self.rows(name))

    def mean(self, name: str) -> Values:
        """Return the mean expression of a label, shape ``(G,)``.

        Raises
        ------
        KeyError
            If no cell has the label.
        """
        mean: Values = self.groups.mean[self.place[name]]
        return mean
