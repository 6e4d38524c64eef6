"""How a dataset is written down: its data and its record."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path

from scdyn_core.data.columns import describe
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.guess import guess_roles
from scdyn_core.data.record import DATA_FILE, RECORD_FILE, DatasetRecord
from scdyn_core.data.text import clean_text


def write(dataset: Dataset, source: str, folder: Path) -> DatasetRecord:
    """Write a dataset and its record into an empty folder.

    Parameters
    ----------
    dataset
        As ``load`` returned it.
    source
        Name of the file it came from.
    folder
        Where ``data.h5ad`` and ``dataset.json`` go.
    """
    adata = dataset.adata
    with warnings.catch_warnings():
        # anndata tells that it turns text columns into categories in the file.
        warnings.simplefilter("ignore")
        adata.write_h5ad(folder / DATA_FILE, compression="lzf")
    record = DatasetRecord(
        id=dataset.fingerprint[:16],
        name=dataset.name,
        source=clean_text(source),
        n_cells=adata.n_obs,
        n_genes=adata.n_vars,
        roles=dataset.roles,
        guesses=guess_roles(adata),
        report=dataset.report,
        fingerprint=dataset.fingerprint,
        obs=describe(adata.obs),
        layers=tuple(map(str, adata.layers)),
        obsm=tuple(map(str, adata.obsm)),
        created=datetime.now(UTC).isoformat(timespec="microseconds"),
        size=(folder / DATA_FILE).stat().st_size,
    )
    (folder / RECORD_FILE).write_text(record.model_dump_json(indent=1), encoding="utf-8")
    return record
