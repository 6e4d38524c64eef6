"""From trained networks to tables and scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.program_activity import MEANINGS, program_activity
from scdyn_core.methods.cell_tables import CELL_FIT
from scdyn_core.methods.clera import tables
from scdyn_core.methods.clera.alignment import reference_of
from scdyn_core.methods.clera.alignment_table import alignment_table
from scdyn_core.methods.clera.cell_fit import cell_fit_table
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.derivative import (
    NULL,
    REAL,
    derivative_table,
    shares_of,
    source_remarks,
    source_warnings,
    sources_table,
)
from scdyn_core.methods.clera.direction_table import direction_table
from scdyn_core.methods.clera.knockout import knockout_table
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import read_all
from scdyn_core.methods.clera.replicates import replicates_table
from scdyn_core.methods.clera.resampling import deviations_over_cells
from scdyn_core.methods.clera.scores import clera_scores
from scdyn_core.methods.clera.stability import stability_table
from scdyn_core.methods.clera.term_agreement import agreement_table, term_agreement
from scdyn_core.methods.clera.time_scores import time_scores
from scdyn_core.methods.method import Results, Table, Tensors
from scdyn_core.reporter import Reporter


def clera_results(
    networks: Sequence[CleraNetwork],
    tensors: Tensors,
    dataset: Dataset,
    config: CleraConfig,
    reporter: Reporter,
) -> Results:
    """Read settled replicates (latents matched) out and score them on test cells."""
    reporter.progress("results", 0, 3, "latents of all cells")
    reference = reference_of(networks, tensors)
    readouts = [read_all(network, tensors) for network in networks]
    reporter.progress("results", 1, 3, "baselines")
    derivative = derivative_table(config, tensors)
    real, null = (shares_of(derivative, data) for data in (REAL, NULL))
    scores = clera_scores(readouts, tensors, config, real, null)
    reporter.progress("results", 2, 3, "tables")
    cells = tables.cells_table(dataset, tensors)
    equations = tables.equations_table(networks, networks[0].library)
    single = len(networks) == 1
    deviations = deviations_over_cells(networks[0], readouts[0]["train"], 0) if single else None
    allowed = np.stack([network.allowed.numpy() for network in networks])
    latent = tables.latent_table(readouts, cells.frame)
    found = {
        "cells": cells,
        "latent": latent,
        CELL_FIT: cell_fit_table(networks, readouts, tensors, cells.frame),
        "equations": equations,
        "stability": stability_table(equations.frame, deviations, allowed),
        "alignment": alignment_table(networks, readouts, reference),
        "replicates": replicates_table(networks, readouts, tensors),
        "programs": tables.programs_table(networks, tensors),
        "program_activity": Table(program_activity(latent.frame, cells.frame), MEANINGS),
        "knockout": knockout_table(networks, tensors, cells.frame),
        "genes": _genes_table(tensors),
        "derivative_sources": sources_table(derivative),
    }
    if not single:
        masks = np.stack([network.mask.numpy() for network in networks])
        found["term_agreement"] = agreement_table(term_agreement(masks, allowed=allowed))
    if (timed := time_scores(readouts, equations.frame, tensors, dataset)) is not None:
        found["time_error"], time_score = timed
        scores += [time_score] if time_score is not None else []
    if networks[0].classifier is not None:
        found["classifier"] = tables.classifier_table(readouts, tensors)
    if (direction := direction_table(readouts, tensors, config)) is not None:
        found["direction"] = direction
    cautions = [*map(str, tensors.info["cautions"])]  # type: ignore[call-overload]
    cautions += [text for _, text in source_warnings(derivative) + source_remarks(derivative)]
    if cautions:
        found["cautions"] = _cautions_table(cautions)
    reporter.progress("results", 3, 3)
    return Results(found, scores)


def _cautions_table(cautions: Sequence[str]) -> Table:
    return Table(
        pd.DataFrame({"caution": list(cautions)}),
        {"caution": "what a reader of the scores must know"},
    )


def _genes_table(tensors: Tensors) -> Table:
    genes = list(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
    return Table(
        pd.DataFrame({"gene": genes, "sd": tensors.constants["gene_sd"]}),
        {
            "gene": "name of a gene the model reads",
            "sd": "standard deviation over training samples, units of the expression",
        },
    )
