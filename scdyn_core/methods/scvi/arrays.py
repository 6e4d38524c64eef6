"""From a dataset to what the network reads, part by part."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Split
from scdyn_core.errors import ConfigError
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.dispersion import log_dispersion, looked_at
from scdyn_core.methods.scvi.genes import most_variable
from scdyn_core.methods.scvi.thinning import library, log_factorials
from scdyn_core.preprocess.size_factors import Counts, as_counts, median_total, size_normalise
from scdyn_core.reporter import Reporter

Matrix = NDArray[np.float64]
#: A gene that varies less than this (in log counts) is not magnified further.
LEAST_SPREAD = 1e-2
#: More levels than this are no batches.
MOST_BATCHES = 500


def scvi_tensors(
    dataset: Dataset, config: ScviConfig, split: Split, seed: int, reporter: Reporter
) -> Tensors:
    """Return counts, totals and batches of every cell; what is learned is of training cells.

    Raises
    ------
    ConfigError
        When counts are not known, too few genes have any, or there are too many batches.
    """
    counts = raw_counts(dataset)
    genes = most_variable(counts[split.train], config.genes)
    counts = counts[:, genes]
    levels, batch = _batches(dataset)
    if config.batch == "none" and config.dispersion == "gene":
        levels, batch = [], None
    reporter.log(f"{len(genes)} genes, {len(levels) or 'no'} batches")
    return Tensors(
        parts={part: _cells(counts, batch, split.part_of(part)) for part in PARTS},
        samples={part: split.part_of(part) for part in PARTS},
        constants=_constants(counts[split.train], len(levels)),
        info={
            "seed": seed,
            "genes": [str(name) for name in dataset.adata.var_names[genes]],
            "cells": [str(name) for name in dataset.adata.obs_names],
            "batches": levels,
        },
    )


def raw_counts(dataset: Dataset) -> Counts:
    """Return raw counts of all cells and genes, CSR.

    Raises
    ------
    ConfigError
        When no matrix has the role counts.
    """
    role = dataset.roles.counts
    if role is None:
        raise ConfigError(
            "role counts",
            found="no matrix of raw counts",
            needed="counts: the model is one of counting",
            fix="Choose the layer with raw counts in the roles of the dataset.",
        )
    return as_counts(dataset.adata.X if role == "X" else dataset.adata.layers[role])


def _batches(dataset: Dataset) -> tuple[list[str], Matrix | None]:
    """Return the batches and the one of every cell as indicators; none where there is but one."""
    column = dataset.roles.batch
    if column is None:
        return [], None
    names, codes = np.unique(np.asarray(dataset.adata.obs[column].astype(str)), return_inverse=True)
    if len(names) > MOST_BATCHES:
        raise ConfigError(
            "role batch",
            found=f"{len(names)} levels",
            needed=f"at most {MOST_BATCHES}: each is an input of the decoder",
            fix="Choose a column with fewer levels, or none, in the roles of the dataset.",
        )
    if len(names) < 2:
        return [], None
    return [str(name) for name in names], np.eye(len(names))[codes]


def _cells(counts: Counts, batch: Matrix | None, rows: NDArray[np.int64]) -> dict[str, Matrix]:
    own = counts[rows]
    arrays = {
        "counts": own.toarray().astype(np.float32),
        "library": library(own),
        "log_factorials": log_factorials(own),
    }
    return arrays if batch is None else {**arrays, "batch": batch[rows]}


def _constants(train: Counts, batches: int) -> Mapping[str, NDArray[np.floating]]:
    depth = median_total(train)
    logs = size_normalise(train, depth).log1p()
    mean = np.asarray(logs.mean(axis=0)).ravel()
    square = np.asarray(logs.multiply(logs).mean(axis=0)).ravel()
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    totals = np.maximum(np.asarray(train.sum(axis=1)).ravel(), 1.0)
    share = np.asarray(train.sum(axis=0)).ravel() + 1.0
    share /= share.sum()
    # Of all cells, means would be a second matrix as large as the counts, in double precision.
    some = looked_at(len(totals))
    return {
        "depth": np.array(np.log(depth)),
        "mean": mean,
        "scale": 1.0 / np.maximum(spread, LEAST_SPREAD),
        "log_share": np.log(share),
        "log_dispersion": log_dispersion(train[some], totals[some, None] * share),
        "batches": np.array(float(batches)),
    }
