"""What a sceptic would cluster genes with instead.

Symbols: expression (G, T) log means; times (T,) increasing; k clusters; labels (G,) in 0..k-1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.clustering.agreement import Labels
from scdyn_core.evaluation.clustering.functional import functional_components
from scdyn_core.evaluation.clustering.soft import gaussian_mixture, k_means_labels
from scdyn_core.evaluation.clustering.warping import dtw_k_means, soft_dtw_k_means

Values = NDArray[np.float64]
Baseline = Callable[[Values, Values, int, int], Labels]


def z_scored(expression: NDArray[np.floating]) -> Values:
    """Return every gene at mean 0 and sd 1 over times, ``(G, T)``; 0 where it never changes."""
    values: Values = np.asarray(expression, dtype=np.float64)
    centred = values - values.mean(axis=1, keepdims=True)
    sd = centred.std(axis=1, keepdims=True)
    # Rounding leaves a constant gene with an sd of some 1e-16.
    still = sd <= 1e-9 * np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-9)
    return np.where(still, 0.0, centred / np.where(still, 1.0, sd))


def raw_means(expression: Values, times: Values, k: int, seed: int) -> Labels:
    """k-means on the means as they are: level and response together."""
    return k_means_labels(expression, k, seed)


def z_scored_means(expression: Values, times: Values, k: int, seed: int) -> Labels:
    """k-means on means scaled per gene; unresponsive genes become noise of unit size."""
    return k_means_labels(z_scored(expression), k, seed)


def level_only(expression: Values, times: Values, k: int, seed: int) -> Labels:
    """k-means on the mean over times alone: the trap, reproducible and blind to responses."""
    return k_means_labels(expression.mean(axis=1, keepdims=True), k, seed)


def warped(expression: Values, times: Values, k: int, seed: int) -> Labels:
    """DTW k-means on means scaled per gene."""
    return dtw_k_means(z_scored(expression), k, seed)


def softly_warped(expression: Values, times: Values, k: int, seed: int) -> Labels:
    """Soft-DTW k-means on means scaled per gene."""
    return soft_dtw_k_means(z_scored(expression), k, seed)


def functional_mixture(expression: Values, times: Values, k: int, seed: int) -> Labels:
    """Gaussian mixture of the functional principal components of means scaled per gene."""
    scores = functional_components(z_scored(expression), times)
    return np.asarray(gaussian_mixture(scores, k, seed).argmax(axis=1), dtype=np.int64)


#: By the name they have in tables and on the page.
BASELINES: dict[str, Baseline] = {
    "k-means, raw means": raw_means,
    "k-means, z-scored means": z_scored_means,
    "DTW k-means": warped,
    "soft-DTW k-means": softly_warped,
    "functional PCA + mixture": functional_mixture,
    "level only": level_only,
}
