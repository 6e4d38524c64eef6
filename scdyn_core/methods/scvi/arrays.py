"""From a dataset to what the network reads, part by part."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Split
from scdyn_core.methods.counts import batches_of, gene_scale, raw_counts, variable_genes
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.dispersion import log_dispersion, looked_at
from scdyn_core.methods.scvi.thinning import library, log_factorials
from scdyn_core.preprocess.size_factors import Counts
from scdyn_core.reporter import Reporter

Matrix = NDArray[np.float64]


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
    genes = variable_genes(counts[split.train], config.genes)
    counts = counts[:, genes]
    levels, batch = batches_of(dataset, np.arange(dataset.adata.n_obs))
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


def _cells(counts: Counts, batch: Matrix | None, rows: NDArray[np.int64]) -> dict[str, Matrix]:
    own = counts[rows]
    arrays = {
        "counts": own.toarray().astype(np.float32),
        "library": library(own),
        "log_factorials": log_factorials(own),
    }
    return arrays if batch is None else {**arrays, "batch": batch[rows]}


def _constants(train: Counts, batches: int) -> Mapping[str, NDArray[np.floating]]:
    totals = np.maximum(np.asarray(train.sum(axis=1)).ravel(), 1.0)
    share = np.asarray(train.sum(axis=0)).ravel() + 1.0
    share /= share.sum()
    # Of all cells, means would be a second matrix as large as the counts, in double precision.
    some = looked_at(len(totals))
    return {
        **gene_scale(train),
        "log_share": np.log(share),
        "log_dispersion": log_dispersion(train[some], totals[some, None] * share),
        "batches": np.array(float(batches)),
    }
