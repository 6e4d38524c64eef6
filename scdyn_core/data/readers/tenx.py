"""Cell Ranger's HDF5 matrices: ``filtered_feature_bc_matrix.h5`` (v3) and genome groups (v2)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pandas as pd

from scdyn_core.data.checks.matrices import check_sparse
from scdyn_core.data.findings import Finding
from scdyn_core.data.text import clean_text, listed
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData

_ARRAYS = {"data", "indices", "indptr", "shape", "barcodes"}


def matrix_groups(file: h5py.File) -> list[str]:
    """Return the groups of a file that hold a Cell Ranger matrix."""
    return [
        name for name, item in file.items() if isinstance(item, h5py.Group) and set(item) >= _ARRAYS
    ]


def read_10x(path: Path) -> tuple[AnnData, list[Finding]]:
    """Read a Cell Ranger matrix: genes as columns, other feature types left out.

    Raises
    ------
    InputError
        When the arrays are no valid sparse matrix, and when there are several genomes.
    """
    from anndata import AnnData
    from scipy.sparse import csr_matrix

    place = clean_text(path.name)
    with h5py.File(path, "r") as file:
        names = matrix_groups(file)
        if len(names) != 1:
            raise InputError(
                place,
                found=f"matrices of {len(names)} genomes ({listed(names)})",
                needed="one",
                fix="Split the file by genome, for instance with cellranger reanalyze.",
            )
        group = file[names[0]]
        genes = _genes(group)
        barcodes = [clean_text(name) for name in group["barcodes"][()]]
        parts = tuple(group[name][()] for name in ("data", "indices", "indptr"))
        n_genes, n_cells = (int(n) for n in np.asarray(group["shape"][()]).reshape(-1)[:2])
    if (n_cells, n_genes) != (len(barcodes), len(genes)):
        raise InputError(
            f"{place}:{names[0]}/shape",
            found=f"{n_genes} genes × {n_cells} cells, with {len(genes)} and {len(barcodes)} names",
            needed="one name for each",
            fix="Export the matrix again with Cell Ranger.",
        )
    try:
        # Stored by cell as columns of genes × cells, which are the rows of cells × genes.
        matrix = csr_matrix(parts, shape=(n_cells, n_genes))
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{place}:{names[0]}",
            found=f"arrays that are no sparse matrix ({clean_text(error)})",
            needed="data, indices and indptr that fit",
            fix="Export the matrix again with Cell Ranger.",
        ) from error
    check_sparse(matrix, f"{place}:{names[0]}")
    adata = AnnData(X=matrix, obs=pd.DataFrame(index=barcodes), var=genes)
    return expression_only(adata)


def _genes(group: h5py.Group) -> pd.DataFrame:
    if "features" in group:
        features = group["features"]
        columns: dict[str, Any] = {"gene_ids": features["id"][()], "names": features["name"][()]}
        if "feature_type" in features:
            columns["feature_types"] = features["feature_type"][()]
    else:
        columns = {"gene_ids": group["genes"][()], "names": group["gene_names"][()]}
    frame = pd.DataFrame({key: [clean_text(v) for v in value] for key, value in columns.items()})
    return frame.set_index("names").rename_axis(None)


def expression_only(adata: AnnData) -> tuple[AnnData, list[Finding]]:
    """Leave out antibodies, guides and peaks where features say what they are."""
    if "feature_types" not in adata.var:
        return adata, []
    types = adata.var["feature_types"]
    genes = (types == "Gene Expression").to_numpy()
    if genes.all() or not genes.any():
        return adata, []
    others = types[~genes].value_counts()
    what = ", ".join(f"{n} {clean_text(kind)}" for kind, n in others.items())
    finding = Finding(
        level="info", slot="var", found=f"features that are no genes left out: {what}"
    )
    return adata[:, genes].copy(), [finding]
