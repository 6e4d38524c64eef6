"""A matrix of cells × genes on disk, gene by gene: what one gene needs lies in one piece."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.int32]
Values = NDArray[np.float32]

#: Entries brought from cell order into gene order at a time.
_BLOCK = 1 << 24
#: Smaller files are simply read: an empty one cannot be mapped.
_SMALL_BYTES = 4096
_DENSE, _STARTS, _CELLS, _VALUES = "dense.npy", "starts.npy", "cells.npy", "values.npy"


class GeneMajor:
    """Reads what :func:`write_gene_major` wrote; nothing is in memory before it is asked for."""

    def __init__(self, folder: Path) -> None:
        dense = folder / _DENSE
        self._dense: NDArray[np.float32] | None = mapped(dense) if dense.exists() else None
        if self._dense is None:
            self._starts: NDArray[np.int64] = np.load(folder / _STARTS, allow_pickle=False)
            self._cells: Cells = mapped(folder / _CELLS)
            self._values: Values = mapped(folder / _VALUES)

    def entries(self, gene: int) -> tuple[Cells, Values]:
        """Return the cells, ascending, that may differ from 0 in a gene, and their values."""
        if self._dense is not None:
            return np.arange(self._dense.shape[1], dtype=np.int32), np.asarray(self._dense[gene])
        own = slice(int(self._starts[gene]), int(self._starts[gene + 1]))
        return np.asarray(self._cells[own]), np.asarray(self._values[own])


def write_gene_major(matrix: Any, folder: Path, tick: Callable[[float], None]) -> None:
    """Write a matrix of cells × genes, sparse or dense.

    Parameters
    ----------
    matrix
        scipy sparse or array, shape (cells, genes).
    folder
        Made here.
    tick
        Hears the share that is done; may raise to stop.
    """
    from scipy.sparse import issparse

    folder.mkdir(parents=True)
    if issparse(matrix):
        _write_sparse(matrix, folder, tick)
    else:
        _write_dense(np.asarray(matrix), folder, tick)


def _write_sparse(matrix: Any, folder: Path, tick: Callable[[float], None]) -> None:
    stored = matrix.getnnz(axis=0).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(stored)])
    np.save(folder / _STARTS, starts, allow_pickle=False)
    total = int(starts[-1])
    with _array(folder / _CELLS, total, np.int32) as cells, \
            _array(folder / _VALUES, total, np.float32) as values:  # fmt: skip
        for first, last in _blocks(starts):
            own = matrix[:, first:last].tocsc() if last - first < len(stored) else matrix.tocsc()
            own.sort_indices()
            own.indices.astype(np.int32, copy=False).tofile(cells)
            own.data.astype(np.float32, copy=False).tofile(values)
            tick(last / len(stored))


def _write_dense(matrix: NDArray[Any], folder: Path, tick: Callable[[float], None]) -> None:
    n_cells, n_genes = matrix.shape
    width = max(1, _BLOCK // max(1, n_cells))
    with _array(folder / _DENSE, (n_genes, n_cells), np.float32) as file:
        for first in range(0, n_genes, width):
            block = matrix[:, first : first + width]
            np.ascontiguousarray(block.T, dtype=np.float32).tofile(file)
            tick(min(1.0, (first + width) / n_genes))


def _blocks(starts: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return ranges of genes with about ``_BLOCK`` entries each."""
    n_genes = len(starts) - 1
    ranges, first = [], 0
    while first < n_genes:
        last = int(np.searchsorted(starts, starts[first] + _BLOCK, side="right")) - 1
        last = min(max(last, first + 1), n_genes)
        ranges.append((first, last))
        first = last
    return ranges


def _array(path: Path, shape: int | tuple[int, ...], dtype: type[np.generic]) -> Any:
    """Open a ``.npy`` file of known shape, its header written, to be filled from the front."""
    file = path.open("wb")
    shape = shape if isinstance(shape, tuple) else (shape,)
    header = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_2_0(file, header)  # type: ignore[no-untyped-call]
    return file


def mapped(path: Path) -> Any:
    """Return an array of a file, in memory only where it is read."""
    if path.stat().st_size > _SMALL_BYTES:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    return np.load(path, allow_pickle=False)
