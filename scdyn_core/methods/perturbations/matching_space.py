"""The space in which cells are matched: components of control cells without the targeted genes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.perturbation.cells import dense

Matrix = NDArray[np.float64]
#: Components, and cells they are fitted on at most.
COMPONENTS, MOST_CELLS = 15, 5000


def matching_space(
    values: Any,
    reference: NDArray[np.bool_],
    targeted: NDArray[np.bool_],
    seed: int,
    components: int = COMPONENTS,
) -> Matrix:
    """Return coordinates of the cells in the principal components of some of them.

    Parameters
    ----------
    values
        Log-normalised expression, dense or CSR, shape ``(n, G)``.
    reference
        Cells that the components are learned from: the control cells of the training part, whose
        states no perturbation made, shape ``(n,)``.
    targeted
        Genes that were perturbed and so do not count, shape ``(G,)``.
    seed
        Draws cells where there are more than 5,000.
    components
        How many, at most.

    Returns
    -------
    ndarray of shape (n, d)
        Without coordinates where there is nothing to learn them from.
    """
    from sklearn.decomposition import PCA

    kept = values[:, ~targeted]
    rows = np.flatnonzero(reference)
    if len(rows) > MOST_CELLS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_CELLS, replace=False))
    found = min(components, len(rows) - 1, kept.shape[1])
    if found < 1:
        return np.zeros((values.shape[0], 0))
    pca = PCA(found, random_state=seed % 2**32)
    pca.fit(dense(kept[rows]))
    loadings = pca.components_.T
    return np.asarray(kept @ loadings - pca.mean_ @ loadings, dtype=np.float64)
