"""The table of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import COLUMN_ROLES
from scdyn_core.methods.method import Table
from scdyn_core.methods.scgen.cells import RunCells

LATENT = "posterior mean of latent {i}, in sd of the prior"
#: Embedding in ``obsm`` -> prefix of its two columns in the table of cells.
EMBEDDINGS = {"X_umap": "umap", "X_pca": "pca"}


def cells_table(dataset: Dataset, cells: RunCells) -> Table:
    """One row a cell that takes part: part, annotations, and places on the maps of the data."""
    adata = dataset.adata
    frame = pd.DataFrame(
        {
            "cell": np.asarray(adata.obs_names, dtype=object)[cells.positions],
            "part": cells.part.astype(object),
        }
    )
    meanings = {
        "cell": "name of the cell",
        "part": "train, validation or test; treated cells of held-out types are test",
    }
    for role in COLUMN_ROLES:
        column = getattr(dataset.roles, role)
        if column is not None:
            frame[role] = adata.obs[column].to_numpy()[cells.positions]
            meanings[role] = f"{column} of the cell"
    for key, name in EMBEDDINGS.items():
        if key in adata.obsm and np.shape(adata.obsm[key])[1] >= 2:
            for axis in (1, 2):
                frame[f"{name}_{axis}"] = np.asarray(adata.obsm[key])[cells.positions, axis - 1]
                meanings[f"{name}_{axis}"] = f"coordinate {axis} of {key}, all cells together"
    return Table(frame, meanings)
