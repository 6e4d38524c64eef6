"""From a screen to what networks read, part by part."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.methods.counts import batches_of, gene_scale, raw_counts
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.methods.perturbations.genes import chosen_genes
from scdyn_core.methods.perturbations.labels import Labelled, labelled
from scdyn_core.preprocess.size_factors import Counts
from scdyn_core.reporter import Reporter

Matrix = NDArray[np.float64]


def screen_tensors(
    dataset: Dataset, config: PerturbationConfig, split: Split, seed: int, reporter: Reporter
) -> Tensors:
    """Return counts, labels and totals of every cell; scales are those of the training cells.

    Raises
    ------
    ConfigError
        When counts are not known, a role is missing, or there are too many batches.
    """
    screen = labelled(dataset, config, seed)
    for caution in screen.cautions:
        reporter.log(caution)
    counts = raw_counts(dataset)[screen.cells]
    train = split.train
    genes = chosen_genes(counts[train], dataset, screen, config)
    counts = counts[:, genes]
    totals = np.asarray(counts.sum(axis=1)).ravel()
    _, batch = batches_of(dataset, screen.cells)
    members: tuple[Part, ...] = (*PARTS, "adapt") if len(split.adapt) else PARTS
    return Tensors(
        parts={
            part: _cells(counts, screen, totals, batch, split.part_of(part)) for part in members
        },
        samples={part: screen.cells[split.part_of(part)] for part in members},
        constants=_constants(counts[train], screen, split, batch),
        info={
            "seed": seed,
            "genes": [str(name) for name in dataset.adata.var_names[genes]],
            "cautions": list(screen.cautions),
        },
    )


def _cells(
    counts: Counts, screen: Labelled, totals: Matrix, batch: Matrix | None, rows: NDArray[np.int64]
) -> dict[str, Matrix]:
    own = counts[rows]
    own_factorials = own.copy()
    own_factorials.data = gammaln(own_factorials.data + 1.0)
    arrays = {
        "counts": own.toarray().astype(np.float32),
        # A cell without a count tells nothing, whatever its depth is said to be.
        "library": np.log(np.maximum(totals[rows], 1.0)),
        "log_factorials": np.asarray(own_factorials.sum(axis=1)).ravel(),
        "label": screen.label[rows].astype(np.float64),
    }
    return arrays if batch is None else {**arrays, "batch": batch[rows]}


def _constants(
    train: Counts, screen: Labelled, split: Split, batch: Matrix | None
) -> Mapping[str, NDArray[np.floating]]:
    share = np.asarray(train.sum(axis=0)).ravel() + 1.0
    carried = screen.members[screen.label[split.train]]
    cells = np.bincount(carried.ravel(), minlength=len(screen.targets) + 1)[:-1]
    control = -1 if screen.control is None else screen.label_of(screen.control)
    return {
        "members": screen.members.astype(np.float64),
        **gene_scale(train),
        "log_share": np.log(share / share.sum()),
        "cells": cells.astype(np.float64),
        "control": np.array(float(control)),
        "batches": np.array(0.0 if batch is None else float(batch.shape[1])),
    }
