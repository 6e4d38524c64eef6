"""Atlases of stored datasets and of the prepared data of runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.atlas.meta import atlas_folder, atlas_key
from scdyn_core.data.atlas.write import write_atlas
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.preprocess.prepared import DATA_FILE, Prepared, read_prepared
from scdyn_core.reporter import Reporter
from scdyn_core.runs.prepared_data import dataset_of, prepared_of
from scdyn_core.runs.run import Run
from scdyn_core.workspace import Workspace


def dataset_atlas(workspace: Workspace, record: DatasetRecord) -> Path:
    """Return where the atlas of a stored dataset lies, or will lie."""
    return atlas_folder(workspace, atlas_key(record.fingerprint, record.roles))


def run_atlas(workspace: Workspace, run: Run) -> Path | None:
    """Return where the atlas of the data a run read lies; ``None`` before they are prepared."""
    made = run.prepared
    return (
        None if made is None else atlas_folder(workspace, atlas_key(made.fingerprint, made.roles))
    )


def lay_out_dataset(workspace: Workspace, record: DatasetRecord, reporter: Reporter) -> Path:
    """Write the atlas of a stored dataset unless it is there; return its folder."""
    folder = dataset_atlas(workspace, record)
    if not folder.is_dir():
        reporter.progress("laying out", 0, 1, "reading the data")
        dataset = DatasetStore(workspace).open(record.id)
        write_atlas(dataset, folder.name, folder, reporter=reporter)
    return folder


def lay_out_prepared(
    workspace: Workspace, prepared: Dataset, original: pd.Index, reporter: Reporter
) -> Path:
    """Write the atlas of prepared data unless it is there; return its folder.

    Parameters
    ----------
    original
        Names of the cells of the dataset that was prepared.
    """
    folder = atlas_folder(workspace, atlas_key(prepared.fingerprint, prepared.roles))
    if not folder.is_dir():
        rows: NDArray[np.int64] = original.get_indexer(prepared.adata.obs_names).astype(np.int64)
        write_atlas(prepared, folder.name, folder, rows=rows, reporter=reporter)
    return folder


def lay_out_run(workspace: Workspace, run: Run, reporter: Reporter) -> Path:
    """Write the atlas of the data a run read unless it is there; return its folder.

    Raises
    ------
    ScdynError
        When the data have to be prepared again and cannot be.
    """
    folder = run_atlas(workspace, run)
    if folder is not None and folder.is_dir():
        return folder
    reporter.progress("laying out", 0, 1, "reading the data")
    dataset = dataset_of(run.spec, reporter)
    kept = run.path / "prepared"
    prepared: Prepared = (
        read_prepared(kept, dataset)
        if (kept / DATA_FILE).exists()
        else prepared_of(run.spec, dataset, reporter)
    )
    return lay_out_prepared(workspace, prepared.dataset, dataset.adata.obs_names, reporter)
