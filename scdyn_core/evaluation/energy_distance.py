"""Energy distance between two clouds of points (Székely and Rizzo 2013)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating]
#: With fewer permutations beyond the observed one, their share says little of the tail.
_ENOUGH = 10


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
    energy = _energies(a, b, np.random.default_rng(seed), permutations)
    return bool((energy[1:] >= energy[0]).mean() < level)


def energy_test(
    a: Matrix, b: Matrix, rng: np.random.Generator, permutations: int = 1000
) -> tuple[float, float]:
    """Return the energy distance of two clouds and its p value by permutation.

    Where fewer than ten permutations are as far apart, the p value is the tail of a Pearson type
    III distribution with the mean, spread and skewness of the permutations (Josse, Pagès and
    Husson 2008): it can then be below one in the number of permutations, as testing many
    perturbations needs.

    Parameters
    ----------
    a, b
        Shapes ``(n, d)`` and ``(m, d)``, at least two points each.
    rng
        Draws the permutations.
    permutations
        How many.
    """
    from scipy.stats import pearson3, skew

    energy = _energies(a, b, rng, permutations)
    observed, permuted = float(energy[0]), energy[1:]
    as_far = int((permuted >= observed).sum())
    spread = float(permuted.std())
    if as_far >= _ENOUGH or spread == 0:
        return observed, (as_far + 1) / (permutations + 1)
    tail = pearson3.sf(observed, float(skew(permuted)), loc=permuted.mean(), scale=spread)
    return observed, float(min(tail, (_ENOUGH + 1) / (permutations + 1)))


def _energies(
    a: Matrix, b: Matrix, rng: np.random.Generator, permutations: int
) -> NDArray[np.floating]:
    """Return the energy distance as observed, then of points dealt out at random."""
    from scipy.spatial.distance import cdist

    pooled = np.concatenate([a, b])
    distances = cdist(pooled, pooled)
    n, m = len(a), len(b)
    in_a = np.zeros((n + m, permutations + 1))
    in_a[:n, 0] = 1.0
    for number in range(1, permutations + 1):
        in_a[rng.permutation(n + m)[:n], number] = 1.0
    towards = distances @ in_a
    within = (in_a * towards).sum(axis=0)
    across = towards.sum(axis=0) - within
    rest = distances.sum() - within - 2 * across
    energy: NDArray[np.floating] = (
        2 * across / (n * m) - within / (n * (n - 1)) - rest / (m * (m - 1))
    )
    return energy
