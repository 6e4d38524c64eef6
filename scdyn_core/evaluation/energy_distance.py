"""Energy distance between two clouds of points (Székely and Rizzo 2013)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating]


def energy_distance(a: Matrix, b: Matrix) -> float:
    """Return ``2 E|a - b| - E|a - a'| - E|b - b'|`` over distinct pairs, which is unbiased.

    About 0 when both are draws from one distribution; then it can be below 0.

    Parameters
    ----------
    a, b
        Shapes ``(n, d)`` and ``(m, d)``, at least two points each.
    """
    from scipy.spatial.distance import cdist, pdist

    return float(2.0 * cdist(a, b).mean() - pdist(a).mean() - pdist(b).mean())


def differ(
    a: Matrix, b: Matrix, *, seed: int, level: float = 0.05, permutations: int = 200
) -> bool:
    """Return whether two clouds are further apart than their points dealt out at random.

    A permutation test of the energy distance.

    Parameters
    ----------
    a, b
        Shapes ``(n, d)`` and ``(m, d)``, at least two points each.
    seed
        Draws the permutations.
    level
        Share of permutations that may be as far apart.
    """
    from scipy.spatial.distance import cdist

    pooled = np.concatenate([a, b])
    distances = cdist(pooled, pooled)
    n, m = len(a), len(b)
    rng = np.random.default_rng(seed)
    in_a = np.zeros((n + m, permutations + 1))
    in_a[:n, 0] = 1.0
    for number in range(1, permutations + 1):
        in_a[rng.permutation(n + m)[:n], number] = 1.0
    towards = distances @ in_a
    within = (in_a * towards).sum(axis=0)
    across = towards.sum(axis=0) - within
    rest = distances.sum() - within - 2 * across
    energy = 2 * across / (n * m) - within / (n * (n - 1)) - rest / (m * (m - 1))
    return bool((energy[1:] >= energy[0]).mean() < level)
