"""Weights from the distance to the nearest neighbours: inverse density over all latents together.

Symbols: ``r_j`` distance to the ``j``-th neighbour, ``k`` their number, ``m`` the dimension of
what the cells fill. ``k`` neighbours within ``r_k`` are a density proportional to ``r_k^-m``, so
the weight is ``r^m``, with ``r`` the geometric mean of ``r_1 ... r_k``, steadier than ``r_k``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.training.resampling.nearest import landmarks, nearest, nearest_landmark

Values = NDArray[np.float64]
#: Cells of fifty latents rarely fill more; with a higher power few cells would have all weight.
_MOST_DIMENSIONS = 4.0
#: Cells sparser than this share of all count as sparse as that: in the far tails of the data the
#: power would give a handful of cells nearly all weight.
_SPARSEST = 0.995
_GROUPS = 128


def neighbour_weights(latent: NDArray[np.floating], neighbours: int, seed: int) -> Values:
    """Return weights by how far away the nearest neighbours of a cell are.

    The dimension is estimated from the distances by maximum likelihood (Levina and Bickel 2004,
    averaged as MacKay and Ghahramani say), at most 4. A cell has the median weight of itself and
    its neighbours, since an outlier or a doublet alone in empty space is no rare type, and the
    sparsest half percent of the cells count as equally sparse. A rare type more tightly packed
    than the others is no sparse place: it is drawn less often.

    Of more than 10,000 cells, densities are found among so many and carried over to the nearest.

    Parameters
    ----------
    latent
        Shape ``(N, D)``.
    neighbours
        ``k``, at most ``N - 1`` of them.
    seed
        Of the choice among many cells.

    Returns
    -------
    Shape ``(N,)``, sum 1.
    """
    # Far from the origin, differences between places would be lost to rounding.
    latent = latent - latent.mean(axis=0)
    chosen = landmarks(len(latent), seed)
    known = latent[chosen]
    distances, positions = nearest(known, neighbours)
    near, far = distances.min(initial=np.inf, where=distances > 0), distances.max()
    if far <= 0:
        return np.full(len(latent), 1 / len(latent))
    logarithm = np.log(np.maximum(distances, near))
    power = min(_dimension(logarithm), _MOST_DIMENSIONS) * logarithm.mean(axis=1)
    own_and_near = np.column_stack([power, power[positions]])
    steady = np.median(own_and_near, axis=1)
    weights = np.exp(np.minimum(steady - np.quantile(steady, _SPARSEST), 0.0))
    if len(chosen) < len(latent):
        weights = weights[nearest_landmark(latent, chosen, _groups(known, seed))]
    result: Values = weights / weights.sum()
    return result


def _dimension(logarithm: Values) -> float:
    """Return the dimension that distances ``(N, k)`` to the nearest in order speak of."""
    if logarithm.shape[1] < 2:
        return _MOST_DIMENSIONS
    steps = (logarithm[:, -1:] - logarithm[:, :-1]).mean()
    return float(1 / steps) if steps > 0 else _MOST_DIMENSIONS


def _groups(known: NDArray[np.floating], seed: int) -> NDArray[np.int64]:
    """Return a coarse group of every landmark, for a quick search; shape ``(M,)``."""
    from sklearn.cluster import MiniBatchKMeans

    found = MiniBatchKMeans(_GROUPS, random_state=seed, n_init=1, max_iter=20).fit_predict(known)
    codes: NDArray[np.int64] = np.unique(found, return_inverse=True)[1].astype(np.int64)
    return codes
