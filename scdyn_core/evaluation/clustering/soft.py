"""Clusters of points in any latent space, with how sure each gene's membership is.

Symbols: latent (G, d); k clusters; memberships (G, k), rows adding up to one.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.mixture import GaussianMixture

from scdyn_core.evaluation.clustering.agreement import Labels, Memberships

#: Restarts of k-means and of each mixture.
_RESTARTS = 10
#: Share of the latents' variance that the mixture looks at: the rest are directions of noise.
_SHARE = 0.95
#: Smallest variance of a mixture's cluster, as a share of the mean variance of a direction. Without
#: it a tight clump of unresponsive genes draws several clusters.
_FLOOR = 0.07
#: Genes that a mixture is fitted to, at most; the others are only assigned.
_MOST_GENES = 4000


def k_means(latent: NDArray[np.floating], k: int, seed: int) -> Memberships:
    """Cluster by k-means; the largest membership of a gene is its k-means cluster.

    Memberships are those of equally frequent spherical Gaussians at the centres. Their variance is
    that of the genes about their centres, in the directions in which they vary: ``tr(Σ²) / tr(Σ)``
    of the pooled within-cluster covariance. The mean over all directions would be too small, and
    memberships too sure, where latents are correlated.

    Parameters
    ----------
    latent
        Shape ``(G, d)``, finite.
    k
        Number of clusters, at most G.
    seed
        Gives the same memberships for the same latents.

    Returns
    -------
    Shape ``(G, k)``.
    """
    points = np.asarray(latent, dtype=np.float64)
    found, centres = nearest_centres(points, k, seed)
    inside = points - centres[found]
    pooled = inside.T @ inside / max(len(points) - k, 1)
    trace = float(np.trace(pooled))
    if not trace > 0:
        return np.asarray(np.eye(k)[found])
    variance = float(np.square(pooled).sum()) / trace
    distances = euclidean_distances(points, centres, squared=True)
    return np.asarray(softmax(-0.5 * distances / variance, axis=1), dtype=np.float64)


def k_means_labels(points: NDArray[np.floating], k: int, seed: int) -> Labels:
    """Return the cluster of every point, shape ``(G,)``, by k-means with ten restarts."""
    return nearest_centres(np.asarray(points, dtype=np.float64), k, seed)[0]


def nearest_centres(
    points: NDArray[np.float64], k: int, seed: int
) -> tuple[Labels, NDArray[np.float64]]:
    """Return the k-means cluster of every point, ``(G,)``, and the centres, ``(k, d)``."""
    with warnings.catch_warnings():
        # Fewer distinct points than clusters: some clusters stay empty, as they should.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = KMeans(k, n_init=_RESTARTS, random_state=seed).fit(points)
    return np.asarray(model.labels_, dtype=np.int64), np.asarray(model.cluster_centers_)


@dataclass(frozen=True)
class MixtureFit:
    """A fitted Gaussian mixture.

    Attributes
    ----------
    memberships
        Probability of each cluster, shape ``(G, k)``.
    bic
        Bayesian information criterion; lower is better. Comparable between numbers of clusters
        for the same latents and seed.
    covariance
        Shape of the clusters that had the lowest criterion.
    """

    memberships: Memberships
    bic: float
    covariance: str


def gaussian_mixture(latent: NDArray[np.floating], k: int, seed: int) -> Memberships:
    """Return the memberships ``(G, k)`` of :func:`fit_mixture`."""
    return fit_mixture(latent, k, seed).memberships


def fit_mixture(latent: NDArray[np.floating], k: int, seed: int) -> MixtureFit:
    """Fit Gaussian mixtures to the leading principal components; keep the one of lowest BIC.

    Clusters may be spherical, stretched along components or of any orientation. Their variances
    have a floor. Above 4,000 genes the mixture is fitted to 4,000 drawn by ``seed``.

    Parameters
    ----------
    latent
        Shape ``(G, d)``, finite.
    k
        Number of clusters, at most G.
    seed
        Gives the same memberships for the same latents.
    """
    points = _components(np.asarray(latent, dtype=np.float64))
    drawn = points
    if len(points) > _MOST_GENES:
        rows = np.random.default_rng(seed).choice(len(points), _MOST_GENES, replace=False)
        drawn = points[np.sort(rows)]
    floor = max(_FLOOR * float(points.var(axis=0).mean()), np.finfo(float).tiny)
    best: Any = None
    lowest, shape = np.inf, ""
    for covariance in ("spherical", "diag", "full"):
        model = GaussianMixture(
            k, covariance_type=covariance, reg_covar=floor, n_init=_RESTARTS, random_state=seed
        )
        with warnings.catch_warnings():
            # A restart that is still creeping is judged by the likelihood that it has reached.
            warnings.simplefilter("ignore", ConvergenceWarning)
            criterion = float(model.fit(drawn).bic(drawn))
        if criterion < lowest:
            best, lowest, shape = model, criterion, covariance
    memberships = np.asarray(best.predict_proba(points), dtype=np.float64)
    return MixtureFit(memberships, lowest, shape)


def _components(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the principal components that hold most of the variance, shape ``(G, q)``."""
    centred = points - points.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    values, vectors = values[::-1], vectors[:, ::-1]
    held = np.cumsum(values) / max(float(values.sum()), np.finfo(float).tiny)
    count = min(int((held < _SHARE).sum()) + 1, len(values))
    return np.asarray(centred @ vectors[:, :count])
