r"""What errors of mean changes have in common between genes: the states that cells differ in.

Residuals of cells around the mean of their group, genes on one scale, have the covariance
``Λ Λᵀ + Ψ`` with the few factors whose eigenvalues noise alone would not reach (Marchenko and
Pastur 1967; shrunk as by Donoho, Gavish and Johnstone, Annals of Statistics 46 (2018) 1742), and
``Ψ`` diagonal. ``whiten`` applies its inverse without ever making a matrix of genes by genes.

Shapes: n cells, G genes, r factors; ``Λ`` (G, r), ``Ψ`` (G,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.preprocess.size_factors import Counts

Matrix = NDArray[np.float64]
MOST_CELLS, MOST_FACTORS = 5000, 30
LEAST_OWN = 0.05


@dataclass(frozen=True)
class SharedNoise:
    """Factors of the residuals: ``loadings`` (G, r) and ``own`` variance (G,), sum of squares 1."""

    loadings: Matrix
    own: Matrix

    @classmethod
    def of(cls, normalised: Counts, groups: Sequence[NDArray[np.int64]]) -> SharedNoise:
        """Learn the factors from normalised counts ``(n, G)`` within groups of cells.

        Cells are thinned evenly where there are more than are needed.
        """
        from sklearn.utils.extmath import randomized_svd

        step = max(1, -(-sum(map(len, groups)) // MOST_CELLS))
        parts = []
        for rows in groups:
            values = np.log1p(normalised[rows[::step]].toarray())
            parts.append(values - values.mean(axis=0))
        residuals = np.concatenate(parts)
        spread = residuals.std(axis=0)
        scaled = residuals / np.where(spread > 0, spread, 1.0)
        n, genes = scaled.shape
        factors = min(MOST_FACTORS, n, genes)
        _, singular, axes = randomized_svd(scaled, factors, random_state=0)
        # Around as many means, residuals have so much less to tell.
        ratio = genes / max(n - len(groups), 1)
        values = singular**2 / n
        kept = int((values > (1 + np.sqrt(ratio)) ** 2).sum())
        # An eigenvalue of the sample is larger than the one it stands for.
        sample = values[:kept]
        middle = sample + 1 - ratio
        true = (middle + np.sqrt(np.maximum(middle**2 - 4 * sample, 0))) / 2
        loadings = axes[:kept].T * np.sqrt(np.maximum(true - 1, 0))
        square = (loadings**2).sum(axis=1)
        shrunk = np.minimum(1.0, np.sqrt((1 - LEAST_OWN) / np.maximum(square, 1e-12)))
        loadings = loadings * shrunk[:, None]
        return cls(loadings, 1.0 - (loadings**2).sum(axis=1))

    @property
    def precision(self) -> Matrix:
        """Diagonal of the inverse covariance, shape ``(G,)``."""
        scaled = self.loadings / self.own[:, None]
        inner = np.linalg.inv(np.eye(scaled.shape[1]) + self.loadings.T @ scaled)
        return np.asarray(1.0 / self.own - ((scaled @ inner) * scaled).sum(axis=1))
