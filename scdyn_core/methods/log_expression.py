"""Log-normalised expression of some cells, for methods that do not model counts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.preprocess.size_factors import as_counts, median_total, size_normalise


# scipy ships no types: sparse matrices are Any to the type checker.
def log_expression(
    dataset: Dataset, cells: NDArray[np.int64], learned: NDArray[np.int64]
) -> tuple[Any, float]:
    """Return log-normalised expression ``(n, all genes)`` as CSR, and the depth it is scaled to.

    Raw counts scaled to the median depth of the training cells, where counts are known; else X as
    it is, and the depth is NaN.

    Parameters
    ----------
    cells
        Positions in the dataset of the cells that take part.
    learned
        Which of these are training cells, as positions among them.
    """
    role = dataset.roles.counts
    if role is None:
        return sparse.csr_matrix(dataset.adata.X[cells], dtype=np.float64), np.nan
    matrix = dataset.adata.X if role == "X" else dataset.adata.layers[role]
    counts = as_counts(matrix[cells])
    depth = median_total(counts[learned])
    return size_normalise(counts, depth).log1p().tocsr(), depth
