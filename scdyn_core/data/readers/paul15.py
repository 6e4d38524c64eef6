"""The one file that Paul et al. (2015) is distributed as: debatched counts of genes × cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pandas as pd

from scdyn_core.data.findings import Finding
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData

#: The datasets of the file that are read.
FIELDS = (
    "data.debatched",
    "data.debatched_rownames",
    "data.debatched_colnames",
    "cluster.id",
    "info.genes_strings",
)
#: The types that the paper gives to its 19 clusters.
_TYPES = (
    *("Ery",) * 6, "MEP", "Mk", "GMP", "GMP", "DC", "Baso", "Baso", "Mo", "Mo", "Neu", "Neu",
    "Eos", "Lymph",
)  # fmt: skip


def read_paul15(path: Path) -> tuple[AnnData, list[Finding]]:
    """Read the file with the clusters of the paper, restricted to its informative genes."""
    from anndata import AnnData
    from scipy.sparse import csr_matrix

    with h5py.File(path, "r") as file:
        counts, genes, cells, clusters, informative = (file[field][()] for field in FIELDS)
    # Several names of one gene are joined by semicolons; the first is the current one.
    names = [clean_text(name).split(";")[0] for name in genes]
    ids = np.asarray(clusters).reshape(-1).astype(int)
    fits = counts.shape == (len(names), len(cells)) and len(ids) == len(cells)
    if not fits or ids.min() < 1 or ids.max() > len(_TYPES):
        raise InputError(
            clean_text(path.name),
            found="counts, names and clusters that do not fit together",
            needed="the file of Paul et al. as scanpy's authors distribute it",
            fix="Download it again.",
        )
    keep = sorted({clean_text(name) for name in informative} & set(names))
    columns = [names.index(name) for name in keep]
    obs = pd.DataFrame(
        {"paul15_clusters": pd.Categorical([f"{i}{_TYPES[i - 1]}" for i in ids])},
        index=pd.Index([clean_text(name) for name in cells]),
    )
    matrix = csr_matrix(counts.T[:, columns].astype(np.float32))
    return AnnData(X=matrix, obs=obs, var=pd.DataFrame(index=pd.Index(keep))), []
