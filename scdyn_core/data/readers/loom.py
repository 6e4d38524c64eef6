"""Loom files, as velocyto and loompy write them: genes × cells, dense, in chunks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pandas as pd

from scdyn_core.data.findings import Finding
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData
    from scipy.sparse import csr_matrix

_CELL_NAMES = ("CellID", "obs_names", "cell_names", "barcode", "Cell", "cell_id")
_GENE_NAMES = ("Gene", "var_names", "gene_names", "gene", "Accession")
#: Values read at once; more would not be faster.
_BLOCK = 16_000_000


def read_loom(path: Path) -> tuple[AnnData, list[Finding]]:
    """Read a loom file as cells × genes with sparse matrices; graphs are left out."""
    from anndata import AnnData

    with h5py.File(path, "r") as file:
        n_genes, n_cells = _shape(file["matrix"], path)
        matrix = _sparse(file["matrix"])
        obs = _frame(file["col_attrs"], n_cells, _CELL_NAMES, "cell")
        var = _frame(file["row_attrs"], n_genes, _GENE_NAMES, "gene")
        layers: dict[str, Any] = {}
        for name, layer in file.get("layers", {}).items():
            if not isinstance(layer, h5py.Dataset) or layer.shape != (n_genes, n_cells):
                raise InputError(
                    f"{clean_text(path.name)}:/layers/{clean_text(name)}",
                    found="a layer of another shape than the matrix",
                    needed=f"{n_genes} genes × {n_cells} cells",
                    fix="Remove the layer, or write the file again with loompy.",
                )
            layers[name or "matrix"] = _sparse(layer)
    return AnnData(X=matrix, obs=obs, var=var, layers=layers), []


def _shape(matrix: Any, path: Path) -> tuple[int, int]:
    if not isinstance(matrix, h5py.Dataset) or matrix.ndim != 2 or matrix.dtype.kind not in "biuf":
        raise InputError(
            f"{clean_text(path.name)}:/matrix",
            found="no table of numbers",
            needed="genes × cells",
            fix="Write the file again with loompy.",
        )
    return int(matrix.shape[0]), int(matrix.shape[1])


def _sparse(dataset: h5py.Dataset) -> csr_matrix:
    from scipy.sparse import csr_matrix, vstack

    n_genes, n_cells = dataset.shape
    step = max(1, _BLOCK // max(n_cells, 1))
    blocks = [csr_matrix(dataset[i : i + step]) for i in range(0, n_genes, step)]
    if not blocks:
        return csr_matrix((n_cells, 0), dtype=np.float32)
    return csr_matrix(vstack(blocks, format="csr").T)


def _frame(group: h5py.Group, length: int, names: tuple[str, ...], kind: str) -> pd.DataFrame:
    columns = {
        clean_text(key): _values(item)
        for key, item in group.items()
        if isinstance(item, h5py.Dataset) and item.shape == (length,)
    }
    key = next((name for name in names if name in columns), None)
    index = columns.pop(key) if key else [f"{kind}_{i}" for i in range(length)]
    return pd.DataFrame(columns, index=pd.Index([clean_text(name) for name in index]))


def _values(item: h5py.Dataset) -> Any:
    values = item[()]
    if values.dtype.kind in "OS":
        return [clean_text(value) for value in values]
    return values
