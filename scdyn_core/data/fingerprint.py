"""A digest of what a dataset holds."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from anndata import AnnData

    from scdyn_core.data.stored_contents import StoredContents

#: Numbers looked at at a time.
_BLOCK = 1 << 22


def fingerprint(
    adata: AnnData | StoredContents, tick: Callable[[int], None] = lambda numbers: None
) -> str:
    """Return 32 hexadecimal digits that change when a name, value, label or embedding does.

    Roles, graphs and ``uns`` are not part of it. The same contents in the same number types
    give the same digits, whatever file they come from.

    Parameters
    ----------
    adata
        In memory, or in a file that is read block by block.
    tick
        Hears how many numbers were looked at since it was called last; may raise to stop.
    """
    digest = hashlib.blake2b(digest_size=16)
    _text(digest, "scdyn dataset 1", adata.obs_names, adata.var_names)
    _matrix(digest, "X", adata.X, tick)
    for slot in ("layers", "obsm"):
        mapping = getattr(adata, slot)
        for name in sorted(mapping):
            _matrix(digest, f"{slot}/{name}", mapping[name], tick)
    for slot in ("obs", "var"):
        frame = getattr(adata, slot)
        for name in sorted(frame.columns):
            _column(digest, f"{slot}/{name}", frame[name], tick)
    return digest.hexdigest()


def _text(digest: Any, label: str, *values: Any) -> None:
    # JSON keeps apart what joining would run together: ["ab"] and ["a", "b"].
    digest.update(json.dumps([label, *map(list, values)]).encode())


def _array(digest: Any, array: Any, tick: Callable[[int], None], dtype: Any = None) -> None:
    dtype = np.dtype(array.dtype if dtype is None else dtype)
    digest.update(f"{dtype.str}{math.prod(array.shape)}".encode())
    rows = max(1, _BLOCK // max(1, math.prod(array.shape[1:])))
    for start in range(0, array.shape[0], rows):
        block = np.ascontiguousarray(array[start : start + rows], dtype=dtype).reshape(-1)
        digest.update(block.view(np.uint8))
        tick(len(block))


def _matrix(digest: Any, label: str, matrix: Any, tick: Callable[[int], None]) -> None:
    _text(digest, label, matrix.shape)
    if not hasattr(matrix, "indptr"):
        _array(digest, matrix if hasattr(matrix, "dtype") else np.asarray(matrix), tick)
        return
    _array(digest, matrix.data, tick)
    # The width of the indices depends on the writer, not on the contents.
    _array(digest, matrix.indices, tick, np.int64)
    _array(digest, matrix.indptr, tick, np.int64)


def _column(digest: Any, label: str, column: pd.Series, tick: Callable[[int], None]) -> None:
    if isinstance(column.dtype, pd.CategoricalDtype):
        _text(digest, label, map(str, column.cat.categories))
        _array(digest, column.cat.codes.to_numpy(dtype=np.int32), tick)
    elif pd.api.types.is_numeric_dtype(column.dtype) or column.dtype == bool:
        _text(digest, label)
        _array(digest, column.to_numpy(), tick)
    else:
        _text(digest, label, map(str, column))
