"""Principal components of the learned cells: where clouds of cells are compared."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from scdyn_core.evaluation.perturbation.cells import Matrix, Values, dense
from scdyn_core.evaluation.perturbation.task import PartedScreen

#: Components, and learned cells that they are fitted on at most.
COMPONENTS, MOST_CELLS = 15, 5000


@dataclass(frozen=True)
class CellSpace:
    """A rotation onto principal components of log-normalised expression, no scaling.

    Attributes
    ----------
    loadings
        Shape ``(G, d)``, orthonormal columns.
    deviation
        Standard deviation of the learned cells along every component, ``(d,)``.
    """

    loadings: Values
    deviation: Values

    @classmethod
    def of(cls, screen: PartedScreen, *, seed: int) -> CellSpace:
        """Fit on learned cells, control and perturbed; ``seed`` draws them above 5,000."""
        from sklearn.decomposition import PCA

        values = screen.learned.values
        drawn = np.arange(values.shape[0])
        if len(drawn) > MOST_CELLS:
            drawn = np.random.default_rng(seed).choice(drawn, MOST_CELLS, replace=False)
        components = min(COMPONENTS, len(drawn) - 1, values.shape[1])
        pca = PCA(components, random_state=seed)
        with warnings.catch_warnings():
            # Cells that are all the same have no variance to be divided by.
            warnings.filterwarnings("ignore", "invalid value", RuntimeWarning)
            pca.fit(dense(values[np.sort(drawn)]))
        return cls(pca.components_.T, np.sqrt(pca.explained_variance_))

    def project(self, values: Matrix) -> Values:
        """Return cells, or changes, as coordinates ``(n, d)``; the origin is no expression."""
        return np.asarray(values @ self.loadings, dtype=np.float64)
