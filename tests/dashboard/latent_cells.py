"""A small dataset with a map, and cells selected on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from dashboard._ui.latent_state import Selection
from scdyn_core.data.cell_sets.cell_set import Drawn
from scdyn_core.data.cell_sets.outline import Box, Outline
from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.runs.atlases import dataset_atlas
from scdyn_core.workspace import Workspace
from tests.data import files


def add_cells(workspace: Workspace) -> DatasetRecord:
    """Add 30 cells on a line, of two types and two ages."""
    adata = files.small()
    adata.obsm["X_umap"] = np.column_stack([np.arange(30.0), np.zeros(30)]).astype("f4")
    adata.obs["age"] = np.arange(30) // 15 + 0.5
    workspace.inbox.mkdir(parents=True, exist_ok=True)
    return DatasetStore(workspace).add(files.h5ad(workspace.inbox / "cells.h5ad", adata), "cells")


def select_cells(
    page: AppTest, workspace: Workspace, record: DatasetRecord, cells: list[int]
) -> NDArray[np.int64]:
    """Select cells as if a box had been drawn around them."""
    rows = np.array(cells, dtype=np.int64)
    how = Drawn(of="", map="X_umap", outline=Outline(boxes=(Box(x=(0, 1), y=(0, 1)),)))
    key = dataset_atlas(workspace, record).name
    page.session_state["latent/selection"] = Selection(record.id, key, rows, rows, how)
    page.run()
    return rows
