"""From trained replicates to the tables and scores of a run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.cell_tables import CELL_FIT, latent_table
from scdyn_core.methods.method import Results, Table, Tensors
from scdyn_core.methods.perturbations.cell_fit import cell_fit_table
from scdyn_core.methods.perturbations.cell_map import cells_table
from scdyn_core.methods.perturbations.check import cautions_table
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.prediction import scored_predictions
from scdyn_core.methods.perturbations.reading import cells_of, some_cells
from scdyn_core.methods.perturbations.screening import (
    PERTURBATIONS,
    RESPONSES,
    response_matrix,
    response_table,
    screen_table,
)
from scdyn_core.methods.perturbations.similarity import similarity_map, similarity_table
from scdyn_core.methods.perturbations.stored_cells import screen_cells, totals, unperturbed
from scdyn_core.methods.svae import target_tables
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.decoding import latent_genes, log_rates, predicted_changes
from scdyn_core.methods.svae.held_out import evidence_score, held_out_table
from scdyn_core.methods.svae.network import SvaeNetwork
from scdyn_core.methods.svae.readout import Readout, readouts
from scdyn_core.methods.svae.recovery import recovery_tables
from scdyn_core.reporter import Reporter, raise_if_cancelled

#: Stages of reading a run out, for the bar.
STAGES = 6
LATENT = "posterior mean of latent {i}, in sd within perturbations"


def svae_results(
    networks: Sequence[SvaeNetwork],
    tensors: Tensors,
    dataset: Dataset,
    config: SvaeConfig,
    reporter: Reporter,
) -> Results:
    """Read targets, latents, responses and predictions out.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    seed = int(str(tensors.info["seed"]))
    screen = labelled(dataset, config, seed)
    cells = screen_cells(dataset, screen, tensors)
    names = list(screen.kinds)

    def stage(number: int, words: str) -> None:
        raise_if_cancelled(reporter)
        reporter.progress("results", number, STAGES, words)

    stage(0, "what every perturbation does")
    responses = response_table(cells)
    perturbations = screen_table(cells, responses, seed)
    stage(1, "latents")
    read = readouts(networks, tensors, screen)
    decoded = some_cells(cells_of(tensors, "train"), unperturbed(tensors), seed)
    genes = latent_genes(networks, decoded, cells.genes)
    stage(2, "predictions")
    effects = [each.effect for each in read]
    predicted = dict(zip(names, predicted_changes(networks, decoded, effects, seed), strict=True))
    visible = set(perturbations.loc[perturbations["visible"], "perturbation"])
    scored = scored_predictions(cells, predicted, visible, seed)
    stage(3, "evidence of cells never seen")
    evidence = evidence_score(networks, read, tensors, screen)
    held_out = held_out_table(networks, read, tensors, screen)
    stage(4, "map of the cells")
    changed = response_matrix(cells)
    tables = {
        "perturbations": _perturbations(perturbations, read, names),
        "responses": _responses(responses, predicted),
        "targets": target_tables.targets_table(read, names),
        "target_matrix": target_tables.matrix_table(read, names),
        "latent_genes": genes,
        "latents": target_tables.latents_table(read, screen.label, genes.frame),
        "sparsity_path": target_tables.path_table(
            read, names, np.asarray(tensors.constants["cells"]), networks[0].costs()
        ),
        "similarity": similarity_table(
            np.mean(effects, axis=0), target_tables.majority(read), changed, names
        ),
        "similarity_map": similarity_map(changed),
        "cells": cells_table(dataset, screen, cells.part, read[0].latent, totals(tensors), seed),
        **scored.tables,
        **held_out,
    }
    found = tables["cells"].frame
    tables["latent"] = latent_table([each.latent for each in read], found, LATENT)
    tables[CELL_FIT] = cell_fit_table(
        [(partial(log_rates, each), each.log_dispersion) for each in networks], tensors, found
    )
    stage(5, "baselines")
    tables |= recovery_tables(dataset, cells, read, config, seed)
    if len(screen.contexts) > 1:
        tables["context_targets"] = target_tables.context_table(read, screen.targets)
    if screen.cautions:
        tables["cautions"] = cautions_table(screen.cautions)
    reporter.progress("results", STAGES, STAGES)
    return Results(tables, [*scored.scores, *evidence])


def _perturbations(frame: pd.DataFrame, read: Sequence[Readout], names: Sequence[str]) -> Table:
    on = np.mean([each.on.sum(axis=1) for each in read], axis=0)
    norm = np.mean([np.linalg.norm(each.effect, axis=1) for each in read], axis=0)
    frame = frame.copy()
    frame["latents_on"] = frame["perturbation"].map(dict(zip(names, on, strict=True)))
    frame["shift_norm"] = frame["perturbation"].map(dict(zip(names, norm, strict=True)))
    more = {
        "latents_on": "latents that it shifts, mean over replicates",
        "shift_norm": "length of its expected shift, sd within perturbations, mean over replicates",
    }
    return Table(frame, {name: {**PERTURBATIONS, **more}[name] for name in map(str, frame)})


def _responses(frame: pd.DataFrame, predicted: dict[str, NDArray[np.float64]]) -> Table:
    frame = frame.copy()
    order = frame["perturbation"].unique()
    frame["predicted"] = np.concatenate([predicted[name] for name in order])
    meaning = "predicted difference of mean log-normalised expression to control"
    return Table(frame, {**RESPONSES, "predicted": meaning})
