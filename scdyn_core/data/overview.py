"""What a dataset looks like before any preprocessing: quality per cell, groups and their sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles

MITOCHONDRIAL_PREFIX = "MT-"


def quality_source(roles: Roles) -> str:
    """Return the layer quality is measured on: counts, else spliced counts, else ``X``."""
    return roles.counts or roles.spliced or "X"


def cell_quality(dataset: Dataset) -> pd.DataFrame:
    """Return simple quality measures of every cell.

    Returns
    -------
    pandas.DataFrame
        Indexed like the cells: ``counts`` (sum over genes), ``genes`` (number above zero),
        ``mitochondrial`` (percent of the sum; only where the data has mitochondrial genes).
    """
    adata = dataset.adata
    source = quality_source(dataset.roles)
    matrix = adata.X if source == "X" else adata.layers[source]
    totals = _sums(matrix)
    frame = pd.DataFrame({"counts": totals, "genes": _detected(matrix)}, index=adata.obs_names)
    mitochondrial = np.asarray(adata.var_names.str.upper().str.startswith(MITOCHONDRIAL_PREFIX))
    if mitochondrial.any():
        share = np.zeros_like(totals)
        np.divide(100 * _sums(matrix[:, mitochondrial]), totals, out=share, where=totals > 0)
        frame["mitochondrial"] = share
    return frame


def composition(dataset: Dataset, by: str, split: str | None = None) -> pd.DataFrame:
    """Count cells per level of the obs column ``by``, and per level of ``split`` in it.

    Returns
    -------
    pandas.DataFrame
        Columns ``group``, ``part`` (empty text without ``split``), ``cells``.
    """
    obs = dataset.adata.obs
    groups = obs[by].astype("string").fillna("not known").rename("group")
    if split is None:
        parts = pd.Series("", index=obs.index, name="part", dtype="string")
    else:
        parts = obs[split].astype("string").fillna("not known").rename("part")
    counted = pd.DataFrame({"group": groups, "part": parts}).value_counts(sort=False)
    return counted.rename("cells").reset_index()


def _sums(matrix: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _detected(matrix: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    if issparse(matrix):
        return np.asarray((matrix > 0).sum(axis=1), dtype=np.int64).ravel()
    return np.asarray(np.count_nonzero(np.asarray(matrix) > 0, axis=1), dtype=np.int64)
