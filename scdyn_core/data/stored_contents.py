"""What a stored dataset holds, read from its file only as far as it is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class StoredMatrix:
    """A sparse matrix whose three arrays still lie in the file."""

    shape: tuple[int, int]
    data: Any
    indices: Any
    indptr: Any


@dataclass(frozen=True)
class StoredContents:
    """The slots of a dataset; matrices lie in the open file and are read by slicing."""

    obs: pd.DataFrame
    var: pd.DataFrame
    X: Any
    layers: dict[str, Any]
    obsm: dict[str, Any]

    @property
    def obs_names(self) -> pd.Index:
        """Names of the cells."""
        return self.obs.index

    @property
    def var_names(self) -> pd.Index:
        """Names of the genes."""
        return self.var.index

    @property
    def n_numbers(self) -> int:
        """How many numbers its matrices and arrays have on disk."""
        matrices = (self.X, *self.layers.values(), *self.obsm.values())
        return sum(
            sum(part.shape[0] for part in (one.data, one.indices, one.indptr))
            if isinstance(one, StoredMatrix)
            else int(np.prod(one.shape))
            for one in matrices
        )


@contextmanager
def stored_contents(path: Path) -> Iterator[StoredContents]:
    """Open the ``.h5ad`` file of a stored dataset, which has passed every check."""
    import h5py
    from anndata.io import read_elem

    with h5py.File(path, "r") as file:
        yield StoredContents(
            obs=read_elem(file["obs"]),
            var=read_elem(file["var"]),
            X=_matrix(file["X"]),
            layers={name: _matrix(each) for name, each in file.get("layers", {}).items()},
            obsm={name: _matrix(each) for name, each in file.get("obsm", {}).items()},
        )


def _matrix(element: Any) -> Any:
    from anndata.io import read_elem

    if hasattr(element, "dtype"):
        return element
    if "indptr" not in element:
        return read_elem(element)
    rows, columns = map(int, element.attrs["shape"])
    return StoredMatrix((rows, columns), element["data"], element["indices"], element["indptr"])
