"""Matrices: valid sparse structure, one number type, finite values where they must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scdyn_core.data.checks.values import n_not_finite, smallest
from scdyn_core.data.findings import Finding
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData

_ESTIMATED = {"velocity", "velocity_u", "variance_velocity", "variance_u"}


def check_sparse(matrix: Any, place: str) -> None:
    """Check that the indices of a sparse matrix stay inside it.

    Compiled code trusts them: one that does not would read or write foreign memory.

    Raises
    ------
    InputError
        When they do not.
    """
    from scipy.sparse import issparse

    if not issparse(matrix):
        return
    try:
        matrix.check_format(full_check=True)
    except (ValueError, TypeError, IndexError) as error:
        raise InputError(
            place,
            found=f"a sparse matrix with invalid indices ({clean_text(error)})",
            needed="row pointers that rise and column indices inside the matrix",
            fix="Open the data where it was made, and save the matrix again.",
        ) from error


def check_matrices(adata: AnnData) -> list[Finding]:
    """Bring ``X`` and the layers to one form, and say what is wrong with their values.

    Sparse matrices become CSR with sorted, summed entries; whole-number and boolean types
    become float32 (float64 where that would round). Dense arrays stay dense.
    """
    findings: list[Finding] = []
    if adata.X is not None:
        adata.X = _canonical(adata.X, "X", findings)
    for name in list(adata.layers):
        adata.layers[name] = _canonical(adata.layers[name], f"layers[{name!r}]", findings)
    return findings


def check_values(adata: AnnData) -> list[Finding]:
    """Report values that are not finite, and negative ones where there can be none."""
    findings: list[Finding] = []
    named = {"X": adata.X} | {f"layers[{name!r}]": adata.layers[name] for name in adata.layers}
    for slot, matrix in named.items():
        estimated = any(slot == f"layers[{name!r}]" for name in _ESTIMATED)
        if n := n_not_finite(matrix):
            findings.append(
                Finding(
                    level="warning" if estimated else "error",
                    slot=slot,
                    found=f"{n} values are missing (NaN) or infinite{_first(matrix, adata)}",
                    fix="Genes without a velocity are left out by the methods."
                    if estimated
                    else "Remove these cells or genes, or set the values, and load again.",
                )
            )
        elif slot in ("layers['spliced']", "layers['unspliced']", "layers['counts']"):
            if smallest(matrix) < 0:
                findings.append(
                    Finding(
                        level="error",
                        slot=slot,
                        found="negative values",
                        fix="Counts cannot be negative: put raw counts here or rename the layer.",
                    )
                )
        elif slot == "X" and smallest(matrix) < 0:
            findings.append(
                Finding(
                    level="warning",
                    slot=slot,
                    found="negative values: scaled or centred data",
                    fix="Load raw counts or log values; normalisation needs them.",
                )
            )
    return findings


def _canonical(matrix: Any, slot: str, findings: list[Finding]) -> Any:
    from scipy.sparse import issparse

    kind = getattr(matrix, "dtype", np.dtype(object)).kind
    if kind not in "biuf":
        raise InputError(
            slot,
            found=f"values of type {clean_text(getattr(matrix, 'dtype', type(matrix).__name__))}",
            needed="real numbers",
            fix="Store expression as numbers and load again.",
        )
    if issparse(matrix):
        check_sparse(matrix, slot)
        matrix = matrix.tocsr()
        if not matrix.has_canonical_format:
            before = matrix.nnz
            matrix.sum_duplicates()
            if matrix.nnz < before:
                repeated = f"{before - matrix.nnz} entries were stored twice; summed"
                findings.append(Finding(level="warning", slot=slot, found=repeated))
    elif type(matrix) is not np.ndarray:
        matrix = np.asarray(matrix)
    return matrix if matrix.dtype in (np.float32, np.float64) else matrix.astype(_float(matrix))


def _float(matrix: Any) -> type[np.floating[Any]]:
    # float32 holds whole numbers up to 2**24 exactly.
    exact = matrix.dtype.itemsize <= 2 or abs(matrix).max() <= 2**24 if matrix.size else True
    return np.float32 if exact else np.float64


def _first(matrix: Any, adata: AnnData) -> str:
    from scipy.sparse import issparse

    if issparse(matrix):
        position = int(np.flatnonzero(~np.isfinite(matrix.data))[0])
        row = int(np.searchsorted(matrix.indptr, position, side="right")) - 1
        column = int(matrix.indices[position])
    else:
        position = int(np.argmin(np.isfinite(np.asarray(matrix)).reshape(-1)))
        row, column = divmod(position, matrix.shape[1])
    return f", first in cell {adata.obs_names[row]!r}, gene {adata.var_names[column]!r}"
