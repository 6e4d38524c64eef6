"""What speaks for a number of clusters, and what warns of it.

Symbols: G genes; labels (G,) numbers of clusters, from 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import silhouette_score

from scdyn_core.evaluation.clustering.agreement import Labels

#: All pairwise distances are computed among at most as many genes.
MOST_GENES = 2000


def silhouette(points: NDArray[np.floating], labels: Labels, seed: int) -> float:
    """Return the mean silhouette, in -1..1; NaN where there is no second cluster to compare with.

    Above 2,000 genes it is the mean over 2,000 drawn by ``seed``.
    Source: Rousseeuw, Journal of Computational and Applied Mathematics 20 (1987) 53.

    Parameters
    ----------
    points
        Shape ``(G, d)``; distances are Euclidean.
    labels
        Shape ``(G,)``.
    """
    if len(points) > MOST_GENES:
        drawn = np.random.default_rng(seed).choice(len(points), MOST_GENES, replace=False)
        points, labels = points[drawn], labels[drawn]
    if not 1 < len(np.unique(labels)) < len(labels):
        return np.nan
    return float(silhouette_score(points, labels))


def level_share(level: NDArray[np.floating], labels: Labels) -> float:
    """Return the share of the variance of the genes' mean level that the clusters explain (η²).

    Near one, the clusters sort genes by how much of them there is, not by how they respond.
    NaN where all levels are equal.

    Parameters
    ----------
    level
        Mean log expression of every gene over times, shape ``(G,)``.
    labels
        Shape ``(G,)``.
    """
    level = np.asarray(level, dtype=np.float64)
    total = float(np.square(level - level.mean()).sum())
    if not total > 0:
        return np.nan
    _, number = np.unique(labels, return_inverse=True)
    means = np.bincount(number, level) / np.bincount(number)
    return float(np.square(means[number] - level.mean()).sum() / total)


def pairs_kept(labels: Labels, others: Labels, k: int) -> NDArray[np.float64]:
    """Return for each cluster the share of its pairs of genes that are together in ``others`` too.

    Parameters
    ----------
    labels
        Clusters ``0..k-1``, shape ``(G,)``.
    others
        Another clustering of the same genes, such as one from the other half of the cells.

    Returns
    -------
    Shape ``(k,)``; NaN for clusters of fewer than two genes.
    """
    _, column = np.unique(others, return_inverse=True)
    table = np.zeros((k, int(column.max(initial=0)) + 1))
    np.add.at(table, (labels, column), 1.0)
    size = table.sum(axis=1)
    pairs = size * (size - 1) / 2
    kept = (table * (table - 1) / 2).sum(axis=1)
    return np.where(pairs > 0, kept / np.maximum(pairs, 1), np.nan)
