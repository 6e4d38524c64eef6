"""The cells of a perturbation screen: expression, the label of every cell, and the control."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError

# scipy ships no types: sparse matrices of shape (n, G) are Any to the type checker.
Expression = Any
Labels = NDArray[np.object_]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Screen:
    """Cells with one label each.

    Attributes
    ----------
    values
        Log-normalised expression, CSR of shape ``(n, G)``: ``log1p`` of counts scaled to one
        depth, so that ``expm1`` gives normalised counts back.
    labels
        Perturbation of every cell, shape ``(n,)``; empty for cells that take no part.
    control
        The label of control cells; ``None`` where there are none, and perturbations are compared
        with all cells.
    genes
        Names of the genes, length ``G``.

    Raises
    ------
    ConfigError
        When there are fewer than two cells to compare with.
    """

    values: Expression
    labels: Labels
    control: str | None
    genes: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.reference) < 2:
            raise ConfigError(
                "perturbation screen",
                found=f"{len(self.reference)} control cells",
                needed="at least two to compare with",
                fix="Choose the control in the roles of the dataset, or keep more cells.",
            )

    @cached_property
    def rows(self) -> dict[str, Rows]:
        """Cells of every label in alphabetical order of the labels; the control among them."""
        names, codes = np.unique(self.labels.astype(str), return_inverse=True)
        order = np.argsort(codes, kind="stable")
        split = np.split(order, np.cumsum(np.bincount(codes))[:-1])
        return {str(name): rows for name, rows in zip(names, split, strict=True) if name}

    @cached_property
    def reference(self) -> Rows:
        """Cells that perturbations are compared with: the controls."""
        if self.control is None:
            return np.flatnonzero(self.labels != "")
        return self.rows.get(self.control, np.empty(0, dtype=np.int64))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every label but the control, in alphabetical order."""
        return tuple(name for name in self.rows if name != self.control)

    def of(self, cells: NDArray[np.bool_]) -> Screen:
        """Return the screen of some of the cells."""
        return replace(self, values=self.values[cells], labels=self.labels[cells])
