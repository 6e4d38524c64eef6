"""k-means under dynamic time warping: curves are alike if one stretched in time is the other.

Warping knows the order of the times, not their distances. Sources: Sakoe and Chiba, IEEE
Transactions on Acoustics, Speech and Signal Processing 26 (1978) 43; Petitjean, Ketterlin and
Gançarski, Pattern Recognition 44 (2011) 678 (barycentres); Cuturi and Blondel, ICML 2017 (soft).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.clustering.agreement import Labels

#: Centres are learned from at most as many genes; the others are assigned to the nearest.
MOST_GENES = 1500
#: Rounds of k-means, and of each barycentre within.
_ROUNDS, _BARYCENTRE_ROUNDS = 10, 10
#: Softness of the minimum over warpings, for curves of unit variance.
_SOFTNESS = 0.1


def dtw_k_means(curves: NDArray[np.floating], k: int, seed: int) -> Labels:
    """Return the DTW k-means cluster of every curve, shape ``(G,)``.

    One start of ten rounds, about a second for 1,000 genes once compiled. Above 1,500 genes the
    centres are learned from 1,500 drawn by ``seed`` and the others assigned to the nearest.

    Parameters
    ----------
    curves
        Shape ``(G, T)``, already centred and scaled.
    k
        Number of clusters, at most G.
    seed
        Of the start and of the genes drawn.
    """
    return _cluster(curves, k, seed, metric="dtw")


def soft_dtw_k_means(curves: NDArray[np.floating], k: int, seed: int) -> Labels:
    """Return the soft-DTW k-means cluster of every curve, as :func:`dtw_k_means` does."""
    return _cluster(curves, k, seed, metric="softdtw", metric_params={"gamma": _SOFTNESS})


def _cluster(curves: NDArray[np.floating], k: int, seed: int, **metric: Any) -> Labels:
    # Importing it takes seconds, and nothing else needs it.
    from tslearn.clustering import TimeSeriesKMeans

    series = np.asarray(curves, dtype=np.float64)[:, :, None]
    learned = series
    if len(series) > MOST_GENES:
        learned = series[np.random.default_rng(seed).choice(len(series), MOST_GENES, replace=False)]
    model = TimeSeriesKMeans(
        k, n_init=1, max_iter=_ROUNDS, max_iter_barycenter=_BARYCENTRE_ROUNDS, n_jobs=1,
        random_state=seed, **metric,
    )  # fmt: skip
    return np.asarray(model.fit(learned).predict(series), dtype=np.int64)
