"""A digest of what a dataset holds."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from anndata import AnnData

_BLOCK = 1 << 22


def fingerprint(adata: AnnData) -> str:
    """Return 32 hexadecimal digits that change when a name, value, label or embedding does.

    Roles, graphs and ``uns`` are not part of it. The same contents in the same number types
    give the same digits, whatever file they come from.
    """
    digest = hashlib.blake2b(digest_size=16)
    _text(digest, "scdyn dataset 1", adata.obs_names, adata.var_names)
    _matrix(digest, "X", adata.X)
    for slot in ("layers", "obsm"):
        mapping = getattr(adata, slot)
        for name in sorted(mapping):
            _matrix(digest, f"{slot}/{name}", mapping[name])
    for slot in ("obs", "var"):
        frame = getattr(adata, slot)
        for name in sorted(frame.columns):
            _column(digest, f"{slot}/{name}", frame[name])
    return digest.hexdigest()


def _text(digest: Any, label: str, *values: Any) -> None:
    # JSON keeps apart what joining would run together: ["ab"] and ["a", "b"].
    digest.update(json.dumps([label, *map(list, values)]).encode())


def _array(digest: Any, array: NDArray[Any]) -> None:
    flat = np.ascontiguousarray(array).reshape(-1)
    digest.update(f"{flat.dtype.str}{len(flat)}".encode())
    for start in range(0, len(flat), _BLOCK):
        digest.update(flat[start : start + _BLOCK].view(np.uint8))


def _matrix(digest: Any, label: str, matrix: Any) -> None:
    from scipy.sparse import issparse

    _text(digest, label, matrix.shape)
    if not issparse(matrix):
        _array(digest, np.asarray(matrix))
        return
    _array(digest, matrix.data)
    # The width of the indices depends on the writer, not on the contents.
    _array(digest, matrix.indices.astype(np.int64, copy=False))
    _array(digest, matrix.indptr.astype(np.int64, copy=False))


def _column(digest: Any, label: str, column: pd.Series) -> None:
    if isinstance(column.dtype, pd.CategoricalDtype):
        _text(digest, label, map(str, column.cat.categories))
        _array(digest, column.cat.codes.to_numpy(dtype=np.int32))
    elif pd.api.types.is_numeric_dtype(column.dtype) or column.dtype == bool:
        _text(digest, label)
        _array(digest, column.to_numpy())
    else:
        _text(digest, label, map(str, column))
