"""Ways of matching one group of cells with control cells: weights from distances.

Symbols: n cells to be matched, m control cells; ``cost`` squared distances ``(n, m)``. Every plan
has rows that sum to 1: what control cells a cell is compared with.
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Matrix = NDArray[np.float64]
# scipy ships no types: sparse weights of shape (n, m) are Any to the type checker.
Weights = Any

#: Controls that the nearest are the mean of (as many as Mixscape's: Papalexi et al. 2021).
NEIGHBOURS = 20
#: Entropy of a plan, in units of the median cost: at 1 every control is nearly as good as another.
ENTROPY = 0.05
#: Cost of using a control cell more or less than the others, in units of the median cost.
RELAXATION = 0.1
#: Weights below this share of the largest one of a cell are dropped.
_LEAST = 1e-3
_ROUNDS = 1000
#: Backends that POT imports where they are installed; it is given numpy arrays only.
_BACKENDS = ("PYTORCH", "JAX", "CUPY", "TENSORFLOW")


def transport(cost: Matrix, entropy: float = ENTROPY) -> Weights:
    """Return the entropic optimal transport from cells to controls, all of them used alike.

    Parameters
    ----------
    cost
        Shape ``(n, m)``.
    entropy
        In units of the median cost.

    Notes
    -----
    Each control is used by ``n / m`` cells in all, whatever state the cells are in: the mean over
    the cells of their controls is the mean of the controls. Matching so changes medians and single
    cells, never a difference of means. Source: Cuturi, Sinkhorn distances (2013).
    """
    n, m = cost.shape
    scaled = _scaled(cost)
    # Neither changes the plan, and the largest kernel value of every row and column is then 1.
    scaled -= scaled.min(axis=1, keepdims=True)
    scaled -= scaled.min(axis=0, keepdims=True)
    plan = _pot().sinkhorn(
        np.full(n, 1 / n), np.full(m, 1 / m), scaled, entropy, numItermax=_ROUNDS, stopThr=1e-7,
        warn=False,
    )  # fmt: skip
    return _rows(plan)


def relaxed_transport(
    cost: Matrix, entropy: float = ENTROPY, relaxation: float = RELAXATION
) -> Weights:
    """Return the transport in which controls in states without perturbed cells may be left out.

    The use of controls is drawn to the same for all by a Kullback-Leibler divergence, as Chizat et
    al., Scaling algorithms for unbalanced optimal transport (2018); every cell is matched.
    """
    n, m = cost.shape
    scaled = _scaled(cost)
    scaled -= scaled.min(axis=1, keepdims=True)
    plan = _pot().unbalanced.sinkhorn_unbalanced(
        np.full(n, 1 / n), np.full(m, 1 / m), scaled, entropy, (float("inf"), relaxation),
        numItermax=_ROUNDS, stopThr=1e-7,
    )  # fmt: skip
    return _rows(plan)


def published_transport(distance: Matrix) -> Weights:
    """Return the plan of the published program: cost is distance / 100, entropy 1.

    Almost every control is then as good as any other.
    """
    n, m = distance.shape
    plan = _pot().sinkhorn(
        np.full(n, 1 / n), np.full(m, 1 / m), distance / 100, 1.0, numItermax=_ROUNDS, warn=False
    )
    return one_hot(np.asarray(plan).argmax(axis=1), m)


def nearest(cost: Matrix, neighbours: int = NEIGHBOURS) -> Weights:
    """Return equal weights of the nearest controls."""
    n, m = cost.shape
    k = min(neighbours, m)
    columns = np.argpartition(cost, k - 1, axis=1)[:, :k]
    starts = np.arange(0, n * k + 1, k)
    return sparse.csr_matrix((np.full(n * k, 1 / k), columns.ravel(), starts), shape=(n, m))


def assignment(cost: Matrix) -> Weights:
    """Return one control for each cell, none for more than ``n / m`` rounded up (Hungarian)."""
    from scipy.optimize import linear_sum_assignment

    n, m = cost.shape
    rows, columns = linear_sum_assignment(np.tile(cost, (1, -(-n // m))))
    return one_hot(columns[np.argsort(rows)] % m, m)


def at_random(n: int, m: int, rng: np.random.Generator) -> Weights:
    """Return a control drawn for each cell."""
    return one_hot(rng.integers(m, size=n), m)


def everybody(n: int, m: int) -> Weights:
    """Return the mean of all controls for each cell."""
    return sparse.csr_matrix(np.full((n, m), 1 / m))


def one_hot(columns: NDArray[np.integer[Any]], m: int) -> Weights:
    """Return weight 1 for one control of each cell."""
    n = len(columns)
    return sparse.csr_matrix((np.ones(n), columns, np.arange(n + 1)), shape=(n, m))


def _scaled(cost: Matrix) -> Matrix:
    median = float(np.median(cost))
    return cost / median if median > 0 else cost.copy()


def _rows(plan: Matrix) -> Weights:
    """Return a plan as weights that sum to 1 for every cell, without the negligible ones."""
    kept = np.where(plan >= _LEAST * plan.max(axis=1, keepdims=True), plan, 0.0)
    return sparse.csr_matrix(kept / kept.sum(axis=1, keepdims=True))


def _pot() -> ModuleType:
    for backend in _BACKENDS:
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{backend}", "1")
    import ot

    module: ModuleType = ot
    return module
