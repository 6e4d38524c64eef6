"""From trained networks to tables and scores."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.clera import tables
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import read_all
from scdyn_core.methods.clera.scores import clera_scores, derivative_table
from scdyn_core.methods.method import Results, Table, Tensors
from scdyn_core.reporter import Reporter


def clera_results(
    networks: Sequence[CleraNetwork],
    tensors: Tensors,
    dataset: Dataset,
    config: CleraConfig,
    reporter: Reporter,
) -> Results:
    """Read the replicates out and score them on test cells."""
    reporter.progress("results", 0, 3, "latents of all cells")
    readouts = [read_all(network, tensors) for network in networks]
    reporter.progress("results", 1, 3, "baselines")
    real, null = derivative_table(config, tensors)
    scores = clera_scores(readouts, tensors, config, real, null)
    reporter.progress("results", 2, 3, "tables")
    cells = tables.cells_table(dataset, tensors)
    found = {
        "cells": cells,
        "latent": tables.latent_table(readouts, cells.frame),
        "equations": tables.equations_table(networks, networks[0].library),
        "programs": tables.programs_table(networks, tensors),
        "genes": _genes_table(tensors),
        "derivative_sources": tables.sources_table(str(tensors.info["source"]), real, null),
    }
    if networks[0].classifier is not None:
        found["classifier"] = tables.classifier_table(readouts, tensors)
    if tensors.info["cautions"]:
        found["cautions"] = _cautions_table(tensors)
    reporter.progress("results", 3, 3)
    return Results(found, scores)


def _cautions_table(tensors: Tensors) -> Table:
    cautions = list(map(str, tensors.info["cautions"]))  # type: ignore[call-overload]
    return Table(
        pd.DataFrame({"caution": cautions}),
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
