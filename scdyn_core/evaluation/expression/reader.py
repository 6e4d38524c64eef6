"""What reads expression gene by gene, such as an atlas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.int64]
Values = NDArray[np.float64]
Entries = tuple[NDArray[np.int32], NDArray[np.float32]]


class ExpressionReader(Protocol):
    """Reads one gene at a time, so that any number of cells fits into memory."""

    @property
    def n_cells(self) -> int:
        """Number of cells."""

    @property
    def genes(self) -> Sequence[str]:
        """Names of the genes."""

    def values(self, gene: str) -> NDArray[np.float32]:
        """Return the expression of a gene in every cell, shape (cells,)."""

    def nonzero(self, gene: str) -> Entries:
        """Return the cells, ascending, in which a gene may differ from 0, and its expression."""

    def counts(self, gene: str) -> Entries:
        """Return the cells, ascending, in which a gene was counted, and its raw counts."""
