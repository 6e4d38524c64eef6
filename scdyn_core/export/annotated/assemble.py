"""The prepared data of a run with everything it learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scdyn_core.evaluation.selection import chosen_replicate
from scdyn_core.export.annotated.cells import put_cells
from scdyn_core.export.annotated.genes import chosen_groups, put_genes
from scdyn_core.export.annotated.provenance import provenance
from scdyn_core.export.annotated.sets import put_sets
from scdyn_core.export.annotated.slots import Slots
from scdyn_core.methods.registry import method_by_key
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.prepared_data import dataset_of, prepared_of
from scdyn_core.runs.run import Run
from scdyn_core.workspace import Workspace

if TYPE_CHECKING:
    from anndata import AnnData

    from scdyn_core.data.dataset import Dataset


def annotated_data(run: Run, reporter: Reporter) -> AnnData:
    """Return the prepared data of a run with what it learned in the standard slots.

    ``X`` and the layers are those of the prepared data. The cells are those the run looked at:
    every embedding is finite and has one row a cell. Of several replicates the chosen one has the
    plain names; ``uns[<method>]["slots"]`` says what every slot holds.

    Raises
    ------
    RunError
        When the data of the run are not there, or changed.
    """
    original = dataset_of(run.spec, reporter)
    dataset = prepared_of(run.spec, original, reporter).dataset
    raise_if_cancelled(reporter)
    reporter.progress("results", 0, 1)
    tables = {name: run.table(name) for name in run.tables}
    adata = _of_cells(dataset, _cells_of(run, tables))
    slots = Slots(adata, run.spec.method or "scdyn", chosen_replicate(tables.get("replicates")))
    known = frozenset(dataset.roles.assigned())
    rest = {}
    for name, table in chosen_groups(tables).items():
        if not put_cells(slots, name, table, known) and not put_genes(slots, name, table):
            rest[name] = tables[name]
    _put_parts(slots, run)
    put_sets(slots, original, Workspace.default())
    _check_embeddings(slots)
    adata.uns[slots.key] = provenance(run, slots, rest)
    reporter.progress("results", 1, 1)
    return adata


def _of_cells(dataset: Dataset, cells: pd.Series | None) -> AnnData:
    """Return the data of some cells, sharing matrices with ``dataset`` where these are all."""
    import anndata as ad

    whole = dataset.adata
    if cells is not None and not whole.obs_names.isin(cells).all():
        whole = whole[whole.obs_names.isin(cells)].copy()
    return ad.AnnData(
        X=whole.X,
        obs=whole.obs.copy(),
        var=whole.var.copy(),
        uns=dict(whole.uns),
        obsm=dict(whole.obsm),
        varm=dict(whole.varm),
        layers=dict(whole.layers),
        obsp=dict(whole.obsp),
    )


def _cells_of(run: Run, tables: dict[str, pd.DataFrame]) -> pd.Series | None:
    """Return the cells the run looked at; ``None``: all."""
    for name in ("latent", "cells"):
        if name in tables and "cell" in tables[name]:
            return tables[name]["cell"]
    return None


def _put_parts(slots: Slots, run: Run) -> None:
    """Put which part of the split every sample was in."""
    split = run.split()
    if split is None or run.spec.method is None:
        return
    axis = "obs" if method_by_key(run.spec.method).samples == "cells" else "var"
    parts = split.set_index("sample")["part"]
    names = getattr(slots.adata, f"{axis}_names")
    if not parts.index.has_duplicates:
        meaning = "part of the split: train, validation or test"
        slots.column(axis, f"{slots.key}_part", parts.reindex(names), meaning)


def _check_embeddings(slots: Slots) -> None:
    """Take the name of an embedding from what is none: gaps, or fewer than two dimensions."""
    obsm = slots.adata.obsm
    for name in [name for name in obsm if name.startswith("X_") and not _is_embedding(obsm[name])]:
        other = name.removeprefix("X_")
        while other in obsm or not other:
            other += "_"
        obsm[other] = obsm.pop(name)
        meaning = slots.meanings.pop(f"obsm[{name}]", "from the data")
        slots.meanings[f"obsm[{other}]"] = f"{meaning}; no embedding: gaps, or one dimension"
        if name in slots.labels:
            slots.labels[other] = slots.labels.pop(name)


def _is_embedding(values: object) -> bool:
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
        return False
    return values.ndim == 2 and values.shape[1] > 1 and bool(np.isfinite(values).all())
