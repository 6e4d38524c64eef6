"""Means and variances of every gene in groups of cells, from sums over sparse expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.evaluation.screen.screen import Expression, Rows

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Mean and variance of genes in groups.

    Attributes
    ----------
    cells
        Cells of every group, shape ``(K, 1)``.
    mean, variance
        Shape ``(K, G)``; the variance is unbiased, and ``nan`` for a single cell.
    """

    cells: Matrix
    mean: Matrix
    variance: Matrix

    @property
    def squared_error(self) -> Matrix:
        """Squared standard error of the means, shape ``(K, G)``."""
        return self.variance / self.cells


def moments(values: Expression, groups: Sequence[Rows], *, logarithmic: bool = True) -> Moments:
    """Return the moments of every gene in every group.

    Parameters
    ----------
    values
        Log-normalised expression, CSR of shape ``(n, G)``.
    groups
        Cells of every group.
    logarithmic
        Of the logarithms; else of the normalised counts behind them.
    """
    cells = np.array([len(rows) for rows in groups], dtype=np.float64)[:, None]
    taken = values[np.concatenate(groups)].astype(np.float64)
    if not logarithmic:
        taken = taken.expm1()
    number = len(groups), taken.shape[0]
    group = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
    member = sparse.csr_matrix((np.ones(number[1]), (group, np.arange(number[1]))), shape=number)
    mean = (member @ taken).toarray() / cells
    squares = (member @ taken.multiply(taken).tocsr()).toarray()
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.maximum(squares - cells * mean**2, 0.0) / (cells - 1)
    return Moments(cells, mean, np.where(cells > 1, variance, np.nan))
