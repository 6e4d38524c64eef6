"""How alike two embeddings of the same cells are, beside the same with cells shuffled.

Symbols: n cells; embeddings X and Y, ``(n, p)`` and ``(n, q)``, centred.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.embedding_alignment import aligned, centred, checked

#: Nearest neighbours that are looked at, and shuffles behind every null.
NEIGHBOURS, SHUFFLES = 15, 20
DISPARITY, CKA, KEPT = "Procrustes disparity", "linear CKA", "neighbours kept"
#: Measure -> which is better, and what it says.
MEASURES = {
    DISPARITY: (
        "lower",
        "share of the variance that turning, mirroring, scaling and moving cannot bring together",
    ),
    CKA: ("higher", "likeness of the distances between all cells, 1 for the same up to rotation"),
    KEPT: ("higher", f"share of the {NEIGHBOURS} nearest cells of a cell that stay its nearest"),
}
Indices = NDArray[np.int64]


def linear_cka(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Return the linear centred kernel alignment, ``||Yᵀ X||² / (||Xᵀ X|| ||Yᵀ Y||)``, 0..1.

    Norms are Frobenius; rotation and scale change nothing. NaN where one of the two is a single
    point. Source: Kornblith et al., ICML 2019, eq. 4 (arXiv 1905.00414).
    """
    x, y = (centred(values) for values in checked(first, second))
    norms = float(np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))
    return float(np.square(y.T @ x).sum()) / norms if norms > 0 else float("nan")


def nearest_cells(embedding: NDArray[np.floating], neighbours: int = NEIGHBOURS) -> Indices:
    """Return the nearest other cells of every cell (Euclidean), shape ``(n, k)``.

    ``k`` is ``neighbours``, or all other cells where there are fewer.
    """
    from sklearn.neighbors import NearestNeighbors

    k = min(neighbours, len(embedding) - 1)
    search = NearestNeighbors(n_neighbors=k).fit(np.asarray(embedding, dtype=np.float64))
    found: Indices = search.kneighbors(return_distance=False).astype(np.int64)
    return found


def neighbours_kept(first: Indices, second: Indices) -> float:
    """Return the mean share of a cell's nearest cells that it has in both embeddings, 0..1.

    The share of common k nearest neighbours; chance keeps ``k / (n - 1)`` of them. Source: Lee
    and Verleysen, Neurocomputing 72 (2009) 1431 (``Q_NX``).

    Parameters
    ----------
    first, second
        As ``nearest_cells`` returns them, for the same cells; shape ``(n, k)``.
    """
    kept = np.intersect1d(_as_pairs(first), _as_pairs(second), assume_unique=True)
    return len(kept) / first.size


def embedding_agreement(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    *,
    shuffles: int = SHUFFLES,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare two embeddings by every measure.

    Parameters
    ----------
    first, second
        Coordinates of the same cells in the same order.
    shuffles
        How often the cells of the second are shuffled; the same shuffles for every measure.
    seed
        Of the shuffles.

    Returns
    -------
    DataFrame
        ``measure``, ``better`` (``higher`` or ``lower``), ``value``, ``shuffled`` (mean over the
        shuffles) and ``shuffled_best`` (the best of them).

    Raises
    ------
    InputError
        With fewer than three cells, or values that are not finite.
    """
    x, y = checked(first, second)
    near_x, near_y = nearest_cells(x), nearest_cells(y)
    measures: dict[str, Callable[[Indices], float]] = {
        DISPARITY: lambda order: aligned(x, y[order]).disparity,
        CKA: lambda order: linear_cka(x, y[order]),
        KEPT: lambda order: neighbours_kept(near_x, _renamed(near_y, order)),
    }
    rng, own = np.random.default_rng(seed), np.arange(len(x))
    orders = [rng.permutation(len(x)) for _ in range(shuffles)]
    rows = []
    for measure, of in measures.items():
        null, better = np.array([of(order) for order in orders]), MEASURES[measure][0]
        best = null.max() if better == "higher" else null.min()
        rows.append((measure, better, of(own), float(null.mean()), float(best)))
    return pd.DataFrame(rows, columns=["measure", "better", "value", "shuffled", "shuffled_best"])


def _renamed(nearest: Indices, order: Indices) -> Indices:
    """Return the nearest cells once cell ``i`` stands where ``order[i]`` stood."""
    name = np.empty_like(order)
    name[order] = np.arange(len(order))
    return name[nearest[order]]


def _as_pairs(nearest: Indices) -> Indices:
    n = len(nearest)
    pairs: Indices = (np.arange(n)[:, None] * n + nearest).ravel()
    return pairs
