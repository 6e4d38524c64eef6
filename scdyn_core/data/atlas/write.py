"""Laying a dataset out by column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.appearing import appearing
from scdyn_core.data.atlas.expression import expression_of
from scdyn_core.data.atlas.gene_major import write_gene_major
from scdyn_core.data.atlas.meta import META_FILE, MOST_LEVELS, NAMES_FILE, ROWS_FILE, AtlasMeta
from scdyn_core.data.columns import describe
from scdyn_core.data.dataset import Dataset
from scdyn_core.reporter import Reporter, SilentReporter, raise_if_cancelled

_STAGE = "laying out"


def write_atlas(
    dataset: Dataset,
    key: str,
    folder: Path,
    *,
    rows: NDArray[np.int64] | None = None,
    reporter: Reporter | None = None,
) -> None:
    """Write an atlas into ``folder``, which appears whole; one that is there already stays.

    Parameters
    ----------
    dataset
        A stored dataset, or prepared data.
    key
        ``atlas_key`` of the data.
    folder
        Where it goes.
    rows
        Row of every cell in the stored dataset, -1 for none, shape (cells,); the cells' own
        order when not given.
    reporter
        Hears how far it is, and may stop it.

    Raises
    ------
    Cancelled
        When the reporter says so; nothing is left behind.
    """
    reporter = reporter or SilentReporter()
    if folder.is_dir():
        return
    with appearing(folder) as scratch:
        _fill(dataset, key, scratch, rows, reporter)


def _fill(
    dataset: Dataset, key: str, folder: Path, rows: NDArray[np.int64] | None, reporter: Reporter
) -> None:
    import pyarrow as pa
    from pyarrow import feather

    adata = dataset.adata
    reporter.progress(_STAGE, 0, 1, "cells")
    names = pa.table({"cell": pa.array(adata.obs_names.astype(str), type=pa.large_string())})
    feather.write_feather(names, str(folder / NAMES_FILE), compression="uncompressed")
    if rows is not None:
        np.save(folder / ROWS_FILE, rows, allow_pickle=False)
    frame = readable_columns(adata.obs)
    for number, name in enumerate(frame):
        np.save(folder / f"column-{number}.npy", _codes(frame[name]), allow_pickle=False)
    embeddings = _write_embeddings(dataset, folder)
    shown = expression_of(dataset)

    def tick(share: float) -> None:
        raise_if_cancelled(reporter)
        reporter.progress(_STAGE, share, 1, "genes")

    if shown.values is not None:
        write_gene_major(shown.values, folder / "values", tick)
    if shown.counts is not None and shown.depth is not None:
        write_gene_major(shown.counts, folder / "counts", tick)
        np.save(folder / "depth.npy", shown.depth, allow_pickle=False)
    meta = AtlasMeta(
        key=key,
        n_cells=adata.n_obs,
        genes=tuple(map(str, adata.var_names)),
        scale=shown.scale,
        has_counts=shown.counts is not None,
        columns=describe(frame, most_levels=MOST_LEVELS),
        embeddings=embeddings,
    )
    (folder / META_FILE).write_text(meta.model_dump_json(), encoding="utf-8")
    reporter.progress(_STAGE, 1, 1, "genes")


def readable_columns(obs: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of ``obs`` that an atlas keeps: numbers, and groups of all kinds."""
    kept = {}
    for name in obs.columns:
        column = obs[name].reset_index(drop=True)
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.cat.rename_categories(list(map(str, column.cat.categories)))
            if len(column.cat.categories) > MOST_LEVELS:
                continue
        elif not _measured(column):
            column = column.astype("string")
            if column.nunique() > MOST_LEVELS:
                continue
            column = column.astype("category")
        kept[str(name)] = column
    return pd.DataFrame(kept, index=range(len(obs)))


def _measured(column: pd.Series) -> bool:
    """Return whether a column is kept as it is; truth values with gaps are groups."""
    types = pd.api.types
    gaps = types.is_bool_dtype(column.dtype) and column.dtype != bool
    return types.is_numeric_dtype(column.dtype) and not gaps


def _codes(column: pd.Series) -> NDArray[np.generic]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(dtype=np.int16)
    if column.dtype == bool:
        return column.to_numpy()
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _write_embeddings(dataset: Dataset, folder: Path) -> dict[str, int]:
    embeddings: dict[str, int] = {}
    for name, matrix in dataset.adata.obsm.items():
        # Frames and sparse matrices in obsm are annotations, not places on a map.
        if not isinstance(matrix, np.ndarray) or matrix.ndim != 2 or matrix.shape[1] < 2:
            continue
        if not np.issubdtype(matrix.dtype, np.number):
            continue
        # By dimension: a map reads two of fifty.
        by_dimension = np.ascontiguousarray(matrix.T, dtype=np.float32)
        np.save(folder / f"map-{len(embeddings)}.npy", by_dimension, allow_pickle=False)
        embeddings[str(name)] = matrix.shape[1]
    return embeddings
