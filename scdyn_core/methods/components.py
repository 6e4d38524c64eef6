"""Maps of cells: those of the data, and principal components of some cells alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.text import shown
from scdyn_core.errors import ConfigError
from scdyn_core.methods.log_expression import log_expression

#: Enough to tell types apart; later components are noise.
COMPONENTS = 20


# Any: an embedding of a file can be an array, a sparse matrix or a table.
def places(stored: Any, key: str) -> NDArray[np.floating[Any]]:
    """Return an embedding of the data (obsm) as an array of its own precision, shape ``(N, D)``.

    Raises
    ------
    ConfigError
        When its values are no real numbers.
    """
    found = np.asarray(stored.toarray() if sparse.issparse(stored) else stored)
    if not np.issubdtype(found.dtype, np.number) or np.iscomplexobj(found):
        raise ConfigError(
            f"embedding {shown(key)}",
            found=f"values of type {found.dtype}",
            needed="numbers",
            fix="Choose another embedding.",
        )
    return found if found.dtype in (np.float32, np.float64) else found.astype(np.float64)


def training_components(dataset: Dataset, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the first principal components of some cells, shape ``(n, C)``, ``C`` at most 20.

    Of log-normalised counts where counts are known, else of ``X`` as it is.
    """
    from sklearn.decomposition import PCA

    values, _ = log_expression(dataset, rows, np.arange(len(rows)))
    count = min(COMPONENTS, min(values.shape) - 1)
    if count < 1:
        return np.zeros((len(rows), 1))
    found: NDArray[np.float64] = PCA(count, svd_solver="arpack", random_state=0).fit_transform(
        values
    )
    return found
