"""One value and its standard error per gene and time: the log of the mean over cells.

``log2(m + 1/(2n))`` with ``m`` the mean of ``n`` cells; its standard error by the delta method,
``se(m) / (m + 1/(2n)) / ln 2``. Half a count that might have been seen keeps the logarithm and
the error finite where nothing was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.size_factors import Counts

Matrix = NDArray[np.float64]
LN2 = float(np.log(2.0))
#: Fewer cells have no standard error worth the name.
FEWEST_CELLS = 3
#: Fewer times have no shape.
FEWEST_TIMES = 3


@dataclass(frozen=True)
class Curves:
    """Expression of genes over time.

    Attributes
    ----------
    times
        Sampling times, ascending, shape ``(T,)``.
    cells
        Cells at each time, shape ``(T,)``.
    mean
        log2 expression, shape ``(G, T)``.
    se
        Its standard error, shape ``(G, T)``; infinite where too few cells were measured.
    """

    times: Matrix
    cells: NDArray[np.int64]
    mean: Matrix
    se: Matrix

    def rows(self, genes: NDArray[np.int64]) -> Curves:
        """Return the curves of some genes."""
        return Curves(self.times, self.cells, self.mean[genes], self.se[genes])


@dataclass(frozen=True)
class CellValues:
    """What is averaged over cells.

    Attributes
    ----------
    values
        Cells × genes, sparse; on a linear scale, or logs to the base 2 where ``logs``.
    logs
        Whether the mean of logs is taken instead of the log of the mean.
    one
        The value of half a count, per cell on average, on the scale of ``values``.
    """

    values: Counts
    logs: bool
    one: float


def curves(
    cell_values: CellValues,
    times: Matrix,
    at: Matrix,
    chosen: NDArray[np.bool_] | None = None,
    *,
    fewest_times: int = FEWEST_TIMES,
) -> Curves:
    """Average the chosen cells at every time of ``at``.

    Parameters
    ----------
    times
        Sampling time of every cell, shape ``(n,)``; NaN is no time.
    chosen
        Cells to use, shape ``(n,)``; all by default.
    fewest_times
        Fewer times with enough cells are an error.

    Raises
    ------
    ConfigError
        When no time has enough cells.
    """
    chosen = np.ones(len(times), dtype=bool) if chosen is None else chosen
    members = [np.flatnonzero(chosen & (times == time)) for time in at]
    counts = np.array([len(rows) for rows in members], dtype=np.int64)
    if (counts >= FEWEST_CELLS).sum() < fewest_times:
        raise ConfigError(
            "cells over time",
            found=f"fewer than {fewest_times} times with enough cells",
            needed=f"{2 * FEWEST_CELLS} cells at {fewest_times} or more times",
            fix="Learn from more cells, or compare a role with fewer levels.",
        )
    columns = [_summary(cell_values, rows) for rows in members]
    mean, se = (np.stack(part, axis=1) for part in zip(*columns, strict=True))
    return Curves(np.asarray(at, dtype=np.float64), counts, mean, se)


def _summary(cell_values: CellValues, rows: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Return mean and standard error of every gene over some cells."""
    n, genes = len(rows), cell_values.values.shape[1]
    if n < FEWEST_CELLS:
        return np.zeros(genes), np.full(genes, np.inf)
    block = sparse.csr_matrix(cell_values.values[rows])
    mean = np.asarray(block.mean(axis=0)).ravel()
    square = np.asarray(block.multiply(block).mean(axis=0)).ravel()
    se = np.sqrt(np.maximum(square - mean**2, 0.0) / (n - 1))
    half = cell_values.one / (2 * n)
    if cell_values.logs:
        return mean, np.maximum(se, half)
    return np.log2(mean + half), np.maximum(se, half) / (mean + half) / LN2


def half_of(times: Matrix, seed: int) -> NDArray[np.bool_]:
    """Mark a random half of the cells of every time; the others are the other half."""
    rng = np.random.default_rng(seed)
    first = np.zeros(len(times), dtype=bool)
    for time in np.unique(times[np.isfinite(times)]):
        rows = rng.permutation(np.flatnonzero(times == time))
        first[rows[: len(rows) // 2]] = True
    return first


def joined(parts: Sequence[Curves]) -> Curves:
    """Put genes of several parts below each other."""
    first = parts[0]
    mean = np.concatenate([part.mean for part in parts])
    return Curves(first.times, first.cells, mean, np.concatenate([part.se for part in parts]))
