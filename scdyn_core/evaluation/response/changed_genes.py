"""The genes that a treatment changes most surely, up or down: truth, never part of a prediction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.response.seen_types import Values

#: Genes that count as changed.
MOST = 50
#: Spread of ranks below which all cells are alike.
LEAST = 1e-9


def rank_scores(control: Values, treated: Values) -> Values:
    """Return the z score of Wilcoxon's rank sum test of every gene, shape ``(G,)``.

    Normal approximation with the correction for ties; 0 where all cells are alike. Above 0 where
    treated cells have more.

    Parameters
    ----------
    control, treated
        Log-normalised expression, shapes ``(n, G)`` and ``(m, G)``.
    """
    from scipy.stats import rankdata

    n, m = len(control), len(treated)
    total = n + m
    values = np.concatenate([control, treated])
    ranks = rankdata(values, axis=0)
    ordered = np.sort(values, axis=0)
    deviation = np.empty(values.shape[1])
    for gene in range(values.shape[1]):
        ties = np.unique(ordered[:, gene], return_counts=True)[1].astype(np.float64)
        lost = (ties**3 - ties).sum() / (total * (total - 1))
        deviation[gene] = np.sqrt(n * m / 12.0 * max(total + 1 - lost, 0.0))
    excess = ranks[n:].sum(axis=0) - m * (total + 1) / 2.0
    varied = deviation > LEAST
    return np.asarray(np.where(varied, excess / np.where(varied, deviation, 1.0), 0.0))


def changed_genes(control: Values, treated: Values, most: int = MOST) -> NDArray[np.bool_]:
    """Return the ``most`` genes of the largest score, up or down, that differ at all."""
    score = np.abs(rank_scores(control, treated))
    changed = np.zeros(len(score), dtype=bool)
    changed[np.argsort(-score, kind="stable")[:most]] = True
    return changed & (score > 0)
