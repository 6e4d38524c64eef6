"""A recipe applied to all cells, read back from the folder of a run in the form of a preview."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd

from scdyn_core.preprocess.prepared import DATA_FILE, RECORDS_FILE, Records
from scdyn_core.preprocess.preview import Preview, cell_table, gene_table


def read_finished(folder: Path, before: pd.DataFrame) -> Preview:
    """Read cells, genes and maps, not the matrices, of prepared data.

    Parameters
    ----------
    folder
        Written by scdyn itself with ``write_prepared``; uploads are never read here.
    before
        Quality of every cell before the recipe, as ``cell_quality`` returns it.

    Raises
    ------
    OSError, ValueError, KeyError
        When the folder is not complete.
    """
    import h5py
    from anndata import AnnData
    from anndata.io import read_elem

    made = Records.model_validate_json((folder / RECORDS_FILE).read_text(encoding="utf-8"))
    with h5py.File(folder / DATA_FILE) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        slots = {slot: read_elem(file[slot]) for slot in ("obs", "var", "obsm")}
    adata = AnnData(**slots)
    cells = before.rename(columns={"mitochondrial": "mitochondrial_percent"})
    cells = cells.rename_axis("cell").reset_index()
    cells["kept"] = cells["cell"].isin(adata.obs_names)
    return Preview(
        cells_used=len(before),
        cells_total=len(before),
        records=made.records,
        before=cells,
        after=cell_table(adata, made.roles),
        genes=gene_table(adata),
    )
