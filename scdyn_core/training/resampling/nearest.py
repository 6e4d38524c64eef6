"""Nearest neighbours, and how what was found among some cells is carried over to the others.

Neighbours are exact and searched among at most ``LANDMARKS`` cells, drawn at random: weights are
found several times in a training, and what is common among so many is common among all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Cells among which neighbours are searched.
LANDMARKS = 10_000
#: Groups of landmarks in which the landmark nearest to another cell is looked for.
_SEARCHED = 4

Latent = NDArray[np.floating]
Positions = NDArray[np.int64]


def landmarks(n: int, seed: int) -> Positions:
    """Return sorted positions of the cells that neighbours are searched among."""
    if n <= LANDMARKS:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, LANDMARKS, replace=False))


def nearest(latent: Latent, neighbours: int) -> tuple[NDArray[np.float64], Positions]:
    """Return distances to, and positions of, the nearest other cells, each ``(N, neighbours)``."""
    from sklearn.neighbors import NearestNeighbors

    k = min(neighbours, len(latent) - 1)
    # Trees, which would be chosen for few latents, are slower than comparing all with all.
    search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(latent)
    distances, positions = search.kneighbors()
    return distances.astype(np.float64), positions.astype(np.int64)


def nearest_landmark(latent: Latent, chosen: Positions, groups: Positions) -> Positions:
    """Return for every cell a landmark near it, as a position in ``chosen``.

    Looked for in the groups of landmarks whose centres are nearest, so that not every cell is
    compared with every landmark. A landmark is nearest to itself.

    Parameters
    ----------
    latent
        All cells, shape ``(N, D)``.
    chosen
        Positions of the landmarks, shape ``(M,)``.
    groups
        Code of the group of every landmark, shape ``(M,)``; every code from 0 has a landmark.
    """
    result = np.empty(len(latent), dtype=np.int64)
    result[chosen] = np.arange(len(chosen))
    others = np.setdiff1d(np.arange(len(latent)), chosen, assume_unique=True)
    if not len(others):
        return result
    by_group = np.split(np.argsort(groups, kind="stable"), np.cumsum(np.bincount(groups))[:-1])
    known = latent[chosen]
    for part in np.split(others, np.arange(LANDMARKS, len(others), LANDMARKS)):
        result[part] = _nearest_of_groups(latent[part], known, by_group)
    return result


def _nearest_of_groups(cells: Latent, known: Latent, by_group: list[Positions]) -> Positions:
    """Return the position of the nearest of the landmarks ``known`` in the nearest groups."""
    centres = np.array([known[members].mean(axis=0) for members in by_group])
    searched = min(_SEARCHED, len(centres))
    near = np.argpartition(_squared(cells, centres), searched - 1, axis=1)[:, :searched]
    best = np.full(len(cells), np.inf)
    result = np.empty(len(cells), dtype=np.int64)
    for code, members in enumerate(by_group):
        asked = np.flatnonzero((near == code).any(axis=1))
        if not len(asked):
            continue
        squared = _squared(cells[asked], known[members])
        at = squared.argmin(axis=1)
        found = squared[np.arange(len(asked)), at]
        closer = found < best[asked]
        best[asked[closer]] = found[closer]
        result[asked[closer]] = members[at[closer]]
    return result


def _squared(cells: Latent, points: Latent) -> NDArray[np.floating]:
    """Return squared distances ``(n, m)``, but for a constant in every row."""
    squared: NDArray[np.floating] = (points**2).sum(axis=1) - 2 * (cells @ points.T)
    return squared
