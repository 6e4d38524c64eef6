r"""How much more than Poisson counts vary around given means: one number a gene.

The root of ``d/dθ Σ_i log NB(x_i; m_i, θ)``,
``Σ_i ψ(x_i + θ) - ψ(θ) + log(θ / (θ + m_i)) + (m_i - x_i) / (θ + m_i)``, by bisection of ``log θ``.
Zeros have no part in the first two terms, so only what was counted is visited there.

Shapes: ``x`` (n, G) counts; ``m`` (n, G) means; ``θ`` (G,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from scdyn_core.preprocess.size_factors import Counts

Matrix = NDArray[np.float64]
#: Log dispersions are searched in between: the last is Poisson for all that is counted in cells.
LOWEST, HIGHEST = -8.0, 8.0
STEPS = 20
#: Cells that are looked at: enough for one number a gene.
MOST_CELLS = 2000


def looked_at(cells: int) -> slice:
    """Return which of so many cells are looked at: evenly over their order."""
    return slice(None, None, max(1, -(-cells // MOST_CELLS)))


def log_dispersion(counts: Counts, means: Matrix) -> Matrix:
    """Return the most likely log dispersion of every gene, shape ``(G,)``.

    Parameters
    ----------
    counts
        CSR, shape ``(n, G)``.
    means
        Positive, shape ``(n, G)``.
    """
    some = looked_at(counts.shape[0])
    counts, means = counts[some], means[some]
    seen = counts.tocoo()
    dense = np.asarray(counts.toarray(), dtype=np.float64)
    low, high = (np.full(counts.shape[1], bound) for bound in (LOWEST, HIGHEST))
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        theta = np.exp(middle)
        own = theta[seen.col]
        gained = np.bincount(
            seen.col, digamma(seen.data + own) - digamma(own), minlength=len(theta)
        )
        total = theta + means
        slope = gained + (np.log(theta / total) + (means - dense) / total).sum(axis=0)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    return np.asarray(0.5 * (low + high), dtype=np.float64)
