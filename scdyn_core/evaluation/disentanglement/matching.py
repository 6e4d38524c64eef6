"""Which found latent is which true latent, and with which sign.

Symbols: n cells; T true and F found latents; their values ``(n, T)`` and ``(n, F)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.stats import rankdata

Values = NDArray[np.float64]
Indices = NDArray[np.int64]
Kind = Literal["pearson", "spearman"]


@dataclass(frozen=True)
class Matching:
    """Pairs of latents, one to one: ``min(T, F)`` of them, in the order of the true ones.

    Attributes
    ----------
    true, found
        Columns of the pairs.
    sign
        1 or -1: multiply the found latent by it.
    correlation
        Absolute correlation of the pairs, 0..1.
    n_true, n_found
        Numbers of latents; what is in no pair is missed (true) or surplus (found).
    """

    true: Indices
    found: Indices
    sign: Indices
    correlation: Values
    n_true: int
    n_found: int

    def aligned(self, columns: NDArray[np.generic]) -> Values:
        """Return found columns ``(m, F)`` in the order and with the signs of the true, ``(m, T)``.

        Columns of true latents that were missed are NaN.
        """
        placed = np.full((len(columns), self.n_true), np.nan)
        placed[:, self.true] = np.asarray(columns, dtype=np.float64)[:, self.found] * self.sign
        return placed


def match_latents(
    true: NDArray[np.floating], found: NDArray[np.floating], kind: Kind = "pearson"
) -> Matching:
    """Match latents one to one so that the total of their absolute correlations is largest.

    Numbers may differ. Source: Kuhn, Naval Research Logistics Quarterly 2 (1955) 83 (the
    Hungarian method).

    Parameters
    ----------
    true, found
        Values of the same cells, shapes ``(n, T)`` and ``(n, F)``.
    kind
        Correlation of values or of ranks.
    """
    correlation = cross_correlation(true, found, kind)
    rows, columns = linear_sum_assignment(np.abs(correlation), maximize=True)
    paired = correlation[rows, columns]
    sign = np.where(paired < 0, -1, 1)
    return Matching(rows, columns, sign, np.abs(paired), *correlation.shape)


def cross_correlation(
    true: NDArray[np.floating], found: NDArray[np.floating], kind: Kind = "pearson"
) -> Values:
    """Return the correlations ``(T, F)`` between columns; 0 where one of the two is constant.

    Raises
    ------
    ValueError
        If the two are not of the same cells, or of fewer than two, or hold what is not finite.
    """
    parts = [np.asarray(part, dtype=np.float64) for part in (true, found)]
    if any(part.ndim != 2 for part in parts) or len(parts[0]) != len(parts[1]):
        raise ValueError("both must be matrices with one row for each of the same cells")
    if len(parts[0]) < 2 or not all(np.isfinite(part).all() for part in parts):
        raise ValueError("at least two cells with finite values are needed")
    if kind == "spearman":
        parts = [rankdata(part, axis=0) for part in parts]
    first, second = (_unit_columns(part) for part in parts)
    correlation: Values = np.clip(first.T @ second, -1.0, 1.0)
    return correlation


def _unit_columns(values: Values) -> Values:
    """Return columns of mean 0 and length 1, 0 where a column is constant up to rounding."""
    centred = values - values.mean(axis=0)
    length = np.sqrt(np.square(centred).sum(axis=0))
    still = length <= 1e-12 * np.sqrt(len(values)) * np.abs(values).max(axis=0, initial=0.0)
    scaled: Values = np.where(still, 0.0, centred / np.where(still, 1.0, length))
    return scaled
