"""How precisely the coefficients of one model are solved: its kept terms on cells drawn again.

Derivatives are averages over neighbouring cells, so neighbours are no independent witnesses:
whole neighbourhoods are drawn, not single cells, which would promise too much.

Symbols: Theta (n, p) library on the training cells, dz (n, d) latent derivative, mask (p, d)
1 where a term is kept.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import Readout

Matrix = NDArray[np.floating]

RESAMPLES = 200
#: Groups of cells that are drawn together: sums over them are made once.
_BLOCKS = 500
#: Fewer neighbourhoods make no distribution.
_FEWEST_BLOCKS = 20
#: Terms in any equation up to which cells are drawn again: the cost grows with their square.
_MOST_TERMS = 150


def bootstrap_coefficients(
    theta: Matrix,
    dz: Matrix,
    mask: Matrix,
    *,
    ridge: float,
    seed: int,
    resamples: int = RESAMPLES,
    neighbourhoods: NDArray[np.integer] | None = None,
) -> Matrix:
    """Solve the kept terms again on cells drawn with replacement; shape ``(resamples, p, d)``.

    Parameters
    ----------
    ridge
        Penalty relative to the mean square of each term.
    neighbourhoods
        Number of each cell's neighbourhood, shape ``(n,)``: these are drawn. Without them cells
        count as independent.
    """
    rng = np.random.default_rng(seed)
    if neighbourhoods is None:
        blocks = np.array_split(rng.permutation(len(theta)), min(len(theta), _BLOCKS))
    else:
        blocks = [np.flatnonzero(neighbourhoods == k) for k in np.unique(neighbourhoods)]
    grams = np.stack([theta[block].T @ theta[block] for block in blocks])
    crosses = np.stack([theta[block].T @ dz[block] for block in blocks])
    draws = rng.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=resamples)
    solutions = np.zeros((resamples, *mask.shape))
    for number, draw in enumerate(draws):
        gram = np.tensordot(draw, grams, axes=1) / len(theta)
        cross = np.tensordot(draw, crosses, axes=1) / len(theta)
        solutions[number] = _ridge(gram, cross, mask, ridge)
    return solutions


def solve_terms(theta: Matrix, dz: Matrix, mask: Matrix, *, ridge: float) -> Matrix:
    """Solve the kept terms by ridge regression on all cells; shape ``(p, d)``."""
    return _ridge(theta.T @ theta / len(theta), theta.T @ dz / len(theta), mask, ridge)


def neighbourhoods_of(z: Matrix, cells: int, seed: int) -> NDArray[np.int64]:
    """Return the number of each cell's neighbourhood of about ``cells`` cells, shape ``(n,)``."""
    from sklearn.cluster import KMeans

    count = min(len(z), max(_FEWEST_BLOCKS, min(_BLOCKS, len(z) // cells)))
    spread = z / np.maximum(z.std(axis=0), 1e-12)
    found: NDArray[np.int64] = KMeans(count, n_init=1, random_state=seed).fit_predict(spread)
    return found


def _ridge(gram: Matrix, cross: Matrix, mask: Matrix, ridge: float) -> Matrix:
    solution = np.zeros(mask.shape)
    for equation in range(mask.shape[1]):
        kept = mask[:, equation] > 0
        inner = gram[np.ix_(kept, kept)]
        penalty = np.diag(ridge * np.diag(inner).clip(1e-12))
        solved = np.linalg.lstsq(inner + penalty, cross[kept, equation], rcond=None)[0]
        solution[kept, equation] = solved
    return solution


def deviations_over_cells(network: CleraNetwork, readout: Readout, seed: int) -> Matrix | None:
    """Return how the coefficients move when training cells are drawn again, ``(draws, p, d)``.

    The kept terms and the latent space stay as they are; differences are to the solution on all
    training cells, because training ends with a gradient phase that solves something else.
    ``None`` where more terms are kept than can be solved for so often.
    """
    mask, ridge = network.mask.numpy(), network.config.ridge
    used = mask.any(axis=1)
    if used.sum() > _MOST_TERMS:
        return None
    theta, dz = network.library(torch.as_tensor(readout.z)).numpy()[:, used], readout.dz
    near = neighbourhoods_of(readout.z, network.config.neighbours, seed)
    drawn = bootstrap_coefficients(
        theta, dz, mask[used], ridge=ridge, seed=seed, neighbourhoods=near
    )
    deviations = np.zeros((len(drawn), *mask.shape))
    deviations[:, used] = drawn - solve_terms(theta, dz, mask[used], ridge=ridge)
    return deviations
