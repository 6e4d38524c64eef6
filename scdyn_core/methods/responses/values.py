"""Which numbers of a dataset are averaged over cells: counts scaled to one depth, or log values."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.responses.config import FEWEST_FOR_COMMON, ResponseConfig
from scdyn_core.methods.responses.pseudobulk import LN2, CellValues
from scdyn_core.preprocess.size_factors import Counts, as_counts, median_total, size_normalise

_LN_BASE = {"e": 1.0, "2": LN2, "10": float(np.log(10.0))}
#: A larger logarithm (to the base e) is no logarithm of an expression.
_LARGEST_LOG = 40.0
#: A smaller expression is a rounding error of the logarithm.
_ROUNDING = 1e-6


def cell_values(dataset: Dataset, config: ResponseConfig) -> CellValues:
    """Return what is averaged, cells × all genes.

    Raises
    ------
    ConfigError
        When counts are asked for and not known, or X holds no log values.
    """
    counted = dataset.roles.counts is not None
    if config.values == "counts" and not counted:
        raise ConfigError(
            "values",
            found="no layer with the role counts",
            needed="raw counts",
            fix="Set the role counts on the Data page, or set values to log.",
        )
    if counted and config.values != "log":
        linear, one = _scaled_counts(dataset, config)
    else:
        linear, one = _from_logs(dataset, config)
    if config.summary == "pseudobulk":
        return CellValues(linear, logs=False, one=one)
    logs = linear.log1p()
    logs.data /= LN2
    return CellValues(logs, logs=True, one=one)


def _scaled_counts(dataset: Dataset, config: ResponseConfig) -> tuple[Counts, float]:
    name = dataset.roles.counts
    matrix = dataset.adata.X if name == "X" else dataset.adata.layers[str(name)]
    counts = as_counts(matrix)
    scaled = config.depth == "total" or (
        config.depth == "auto" and counts.shape[1] >= FEWEST_FOR_COMMON
    )
    return (size_normalise(counts, median_total(counts)) if scaled else counts), 1.0


def _from_logs(dataset: Dataset, config: ResponseConfig) -> tuple[Counts, float]:
    """Take the logarithm back: means of cells are means of molecules."""
    logs = sparse.csr_matrix(dataset.adata.X, dtype=np.float64, copy=True)
    logs.data *= _LN_BASE[config.log_base]
    if logs.nnz and (logs.data.min() < 0 or logs.data.max() > _LARGEST_LOG):
        raise ConfigError(
            "X",
            found=f"values from {logs.data.min():g} to {logs.data.max():g}",
            needed="logarithms of expression, 0 and up",
            fix="Give the role counts to a layer with raw counts, or log-normalise the data.",
        )
    linear = logs.expm1()
    linear.data[linear.data < _ROUNDING] = 0.0
    linear.eliminate_zeros()
    return linear, _one_molecule(linear)


def _one_molecule(linear: Counts) -> float:
    """Return what one molecule comes to: the smallest value of a cell, in the median cell."""
    filled = np.flatnonzero(np.diff(linear.indptr))
    if not len(filled):
        return 1.0
    return float(np.median(np.minimum.reduceat(linear.data, linear.indptr[filled])))
