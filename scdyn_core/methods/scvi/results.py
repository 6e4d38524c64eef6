"""From trained replicates to the tables and scores of a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.cell_tables import CELL_FIT, by_replicate, latent_table
from scdyn_core.methods.method import Results, Table, Tensors
from scdyn_core.methods.scvi import tables
from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.expression import gene_sums, type_means
from scdyn_core.methods.scvi.held_out import held_out_scores
from scdyn_core.methods.scvi.network import ScviNetwork
from scdyn_core.methods.scvi.predictors import UNKNOWN, Names
from scdyn_core.methods.scvi.read_cells import latents, reconstruction
from scdyn_core.methods.scvi.reading import cells_of
from scdyn_core.methods.scvi.representation import components_of, mixing_score, type_score
from scdyn_core.reporter import Reporter, raise_if_cancelled

Matrix = NDArray[np.float64]
#: Stages of reading a run out, for the bar.
STAGES = 4


def scvi_results(
    networks: Sequence[ScviNetwork],
    tensors: Tensors,
    dataset: Dataset,
    config: ScviConfig,
    reporter: Reporter,
) -> Results:
    """Read latents and expression out, and score them beside simple methods.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    seed = int(str(tensors.info["seed"]))
    types = labels_by_part(dataset, dataset.roles.cell_type, tensors)

    def stage(number: int, words: str) -> None:
        raise_if_cancelled(reporter)
        reporter.progress("results", number, STAGES, words)

    stage(0, "latents")
    read: list[dict[Part, Matrix]] = [
        {part: latents(network, cells_of(tensors, part)) for part in PARTS} for network in networks
    ]
    stage(1, "counts never seen")
    scores = held_out_scores(networks, tensors, types, seed)
    scores += _representation(read, tensors, dataset, config, types, seed)
    stage(2, "expression")
    found = _expression(networks, tensors, types)
    stage(3, "map of the cells")
    every = [np.concatenate([own[part] for part in PARTS]) for own in read]
    cells = tables.cells_table(dataset, tensors, every[0], seed)
    found |= {
        "cells": cells,
        "latent": latent_table(every, cells.frame, tables.LATENT),
        CELL_FIT: _cell_fit(networks, tensors, cells.frame),
    }
    for score in scores:
        for name in score.beaten_by():
            reporter.log(
                f"{score.metric}: {name} reaches {score.baselines[name]:.4g}, "
                f"the model {score.value:.4g}"
            )
    reporter.progress("results", STAGES, STAGES)
    return Results(found, scores)


def labels_by_part(
    dataset: Dataset, column: str | None, tensors: Tensors
) -> dict[Part, Names] | None:
    """Return the levels of a column for the cells of every part; ``None`` without a column.

    ``UNKNOWN`` where a cell has none.
    """
    if column is None:
        return None
    found = dataset.adata.obs[column]
    values = found.astype(object).where(found.notna(), UNKNOWN).to_numpy(dtype=np.str_)
    return {part: values[tensors.samples[part]] for part in PARTS}


def _representation(
    read: Sequence[dict[Part, Matrix]],
    tensors: Tensors,
    dataset: Dataset,
    config: ScviConfig,
    types: dict[Part, Names] | None,
    seed: int,
) -> list[Score]:
    batches = labels_by_part(dataset, dataset.roles.batch, tensors)
    if types is None and batches is None:
        return []
    name, components = components_of(tensors, config.latents, seed)
    scores: list[Score] = []
    if types is not None:
        told = type_score(read, components, name, types)
        scores += [] if told is None else [told]
    if batches is not None:
        own = None if types is None else types["test"]
        mixed = mixing_score(read, components, name, batches["test"], own, seed)
        scores += [] if mixed is None else [mixed]
    return scores


def _cell_fit(networks: Sequence[ScviNetwork], tensors: Tensors, cells: pd.DataFrame) -> Table:
    by_part = [cells_of(tensors, part) for part in PARTS]
    found = [
        {
            "reconstruction_error": np.concatenate(
                [-reconstruction(network, own, own) for own in by_part]
            )
        }
        for network in networks
    ]
    return by_replicate(cells, found, tables.CELL_FIT)


def _expression(
    networks: Sequence[ScviNetwork], tensors: Tensors, types: dict[Part, Names] | None
) -> dict[str, Table]:
    genes = [str(name) for name in tensors.info["genes"]]  # type: ignore[attr-defined]
    sums = gene_sums(networks, cells_of(tensors, "test"))
    found = {"genes": tables.genes_table(genes, sums)}
    if types is None:
        return found
    by_part = [cells_of(tensors, part) for part in PARTS]
    cells = {name: torch.cat([each[name] for each in by_part]) for name in by_part[0]}
    every = np.concatenate([types[part] for part in PARTS])
    known = np.flatnonzero(every != UNKNOWN)
    if not len(known):
        return found
    names, codes = np.unique(every[known], return_inverse=True)
    own = {name: value[known] for name, value in cells.items()}
    observed, denoised = type_means(networks, own, codes, len(names))
    found["type_expression"] = tables.type_expression_table(genes, names, observed, denoised)
    return found
