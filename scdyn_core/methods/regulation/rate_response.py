"""From log rates back to what is measured: the mean of log-normalised counts.

Counts are few, and the logarithm bends: a gene with a count in every tenth cell changes its mean
log-normalised expression by far less than its log rate. How much is found by drawing counts as the
control cells have them, at a grid of log changes, and reading between.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
_HALF = np.array([0.4, 0.8, 1.25, 1.75, 2.5, 3.5, 5.0])
#: Log changes that are drawn; beyond them genes are as at the ends.
GRID = np.concatenate([-_HALF[::-1], [0.0], _HALF])
MOST_CELLS = 500


@dataclass(frozen=True)
class RateResponse:
    """Mean log-normalised expression at every log change of ``GRID``, shape ``(len(GRID), G)``."""

    expression: Matrix

    @classmethod
    def of(
        cls, share: Matrix, dispersion: Matrix, totals: Matrix, depth: float, seed: int
    ) -> RateResponse:
        """Draw negative binomial counts.

        Parameters
        ----------
        share
            Share of every gene in the counts of a control cell, shape ``(G,)``.
        dispersion
            Variance of a rate over its squared mean, shape ``(G,)``.
        totals
            Counts of control cells, shape ``(n,)``.
        depth
            Counts that cells are normalised to.
        """
        rng = np.random.default_rng(seed)
        totals = rng.choice(totals, min(len(totals), MOST_CELLS), replace=False)
        totals = np.maximum(totals, 1.0)[:, None]
        shape = 1.0 / dispersion
        # The same cells at every change, with the same counts and those that come on top: what
        # differs is the change alone.
        rate = totals * share * rng.gamma(shape, dispersion, (len(totals), len(share)))
        counts, found = np.zeros(rate.shape), []
        for step in np.diff(np.exp(GRID), prepend=0.0):
            counts += rng.poisson(rate * step)
            found.append(np.log1p(counts / totals * depth).mean(axis=0))
        return cls(np.stack(found))

    def of_change(self, change: Matrix) -> Matrix:
        """Return the change of mean log-normalised expression for log changes ``(K, G)``."""
        place = np.clip(np.interp(change, GRID, np.arange(len(GRID))), 0, len(GRID) - 1)
        below = np.minimum(place.astype(np.int64), len(GRID) - 2)
        gene = np.arange(change.shape[1])
        low, high = self.expression[below, gene], self.expression[below + 1, gene]
        still = self.expression[np.flatnonzero(GRID == 0)[0]]
        return np.asarray(low + (place - below) * (high - low) - still)
