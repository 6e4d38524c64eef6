"""How far effects that run in circles grow or fade: the spectral radius of a network."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

#: Genes that hang together in circles up to which all eigenvalues are computed.
_MOST_DENSE = 600


def feedback(matrix: sparse.csr_matrix[Any]) -> float:
    """Return the spectral radius of a square matrix of effects; 0 without a circle.

    Only genes in circles count: the matrix is taken apart into its strongly connected parts.
    Where the largest parts have too many genes and their eigenvalue is not found, an upper
    bound stands in for it (the smaller of the largest row and column sums of strengths).
    """
    from scipy.sparse.csgraph import connected_components

    number, part = connected_components(matrix, directed=True, connection="strong")
    sizes = np.bincount(part, minlength=number)
    order = np.argsort(part, kind="stable")
    ends = np.cumsum(sizes)
    largest = 0.0
    for at in np.flatnonzero(sizes > 1):
        genes = order[ends[at] - sizes[at] : ends[at]]
        largest = max(largest, _radius(matrix[genes][:, genes]))
    return largest


def _radius(matrix: sparse.csr_matrix[Any]) -> float:
    if matrix.shape[0] <= _MOST_DENSE:
        return float(np.abs(np.linalg.eigvals(matrix.toarray())).max())
    from scipy.sparse.linalg import ArpackError, eigs

    try:
        found = eigs(
            matrix.astype(np.float64), k=1, which="LM", return_eigenvectors=False,
            v0=np.ones(matrix.shape[0]), maxiter=2_000, tol=1e-6,
        )  # fmt: skip
    except ArpackError:
        strength = abs(matrix)
        return float(min(strength.sum(axis=0).max(), strength.sum(axis=1).max()))
    return float(np.abs(found).max())
