"""What a run about a network of genes says: the network, the responses, both beside baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Results, Table, Tensors
from scdyn_core.methods.perturbations.cell_map import cells_table
from scdyn_core.methods.perturbations.check import cautions_table
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.prediction import scored_predictions
from scdyn_core.methods.perturbations.screening import (
    PERTURBATIONS,
    RESPONSES,
    response_matrix,
    response_table,
    screen_table,
)
from scdyn_core.methods.perturbations.similarity import (
    response_similarity_table,
    similarity_map,
)
from scdyn_core.methods.perturbations.stored_cells import screen_cells, totals
from scdyn_core.methods.perturbations.values import ScreenCells
from scdyn_core.methods.regulation.arrays import nodes_from
from scdyn_core.methods.regulation.baselines import baseline_networks, known_sources
from scdyn_core.methods.regulation.config import RegulationConfig
from scdyn_core.methods.regulation.nodes import Nodes
from scdyn_core.methods.regulation.predictor import predicted_responses
from scdyn_core.methods.regulation.scoring import (
    THIS_RUN,
    TOTAL,
    Yardstick,
    headline_scores,
    predicted_network,
)
from scdyn_core.methods.regulation.tables import (
    genes_table,
    network_table,
    reference_table,
    scores_table,
)
from scdyn_core.reporter import Reporter, raise_if_cancelled

Matrix = NDArray[np.float64]
#: Stages of reading a run out, for the bar.
STAGES = 5
#: Name of a model's network in the comparison.
MODELS = {"direct effect": THIS_RUN, "total effect": TOTAL, "alignment": THIS_RUN}


@dataclass(frozen=True)
class Said:
    """What a model says.

    Attributes
    ----------
    networks
        Evidence -> one estimate a replicate; empty for a model without a network.
    chosen
        Evidence -> the estimate that counts, of all replicates together.
    predicted
        Change of mean log-normalised expression of every perturbation, each ``(G,)``.
    latent
        A place for every cell in the order of the dataset, ``(n, L)``, or ``None``.
    """

    networks: Mapping[str, Sequence[NetworkEstimate]]
    chosen: Mapping[str, NetworkEstimate]
    predicted: Mapping[str, Matrix]
    latent: Matrix | None = None


def regulation_results(
    said: Said, tensors: Tensors, dataset: Dataset, config: RegulationConfig, reporter: Reporter
) -> Results:
    """Set what a model says beside what is known without it.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    seed = int(str(tensors.info["seed"]))
    screen = labelled(dataset, config, seed)
    cells = screen_cells(dataset, screen, tensors)

    def stage(number: int, words: str) -> None:
        raise_if_cancelled(reporter)
        reporter.progress("results", number, STAGES, words)

    stage(0, "what every perturbation does")
    responses = response_table(cells)
    perturbations = screen_table(cells, responses, seed)
    stage(1, "predictions")
    predicted = predicted_responses(said.predicted, cells, config.predictor, seed)
    visible = set(perturbations.loc[perturbations["visible"], "perturbation"])
    scored = scored_predictions(cells, predicted, visible, seed)
    stage(2, "networks")
    networks, scores = _networks(said, tensors, dataset, cells, seed, reporter)
    stage(3, "similarity")
    changed = response_matrix(cells)
    stage(4, "map of the cells")
    tables = {
        "perturbations": _described(perturbations, PERTURBATIONS),
        "responses": _responses(responses, predicted),
        "similarity": response_similarity_table(changed),
        "similarity_map": similarity_map(changed),
        "cells": cells_table(dataset, screen, cells.part, said.latent, totals(tensors), seed),
        **scored.tables,
        **networks,
    }
    cautions = [str(words) for words in tensors.info["cautions"]]  # type: ignore[attr-defined]
    if cautions:
        tables["cautions"] = cautions_table(cautions)
    reporter.progress("results", STAGES, STAGES)
    return Results(tables, [*scores, *scored.scores])


def _networks(
    said: Said,
    tensors: Tensors,
    dataset: Dataset,
    cells: ScreenCells,
    seed: int,
    reporter: Reporter,
) -> tuple[dict[str, Table], list[Score]]:
    if not said.networks:
        return {}, []
    nodes = nodes_from(tensors)
    sources = [name for name, real in zip(nodes.names, nodes.real, strict=True) if real]
    baselines = baseline_networks(cells, sources, seed, reporter)
    yardstick = Yardstick.of(dataset, cells, nodes)
    responses = predicted_network(said.predicted, cells.labelled, nodes, cells.genes)
    found = yardstick.scores(
        {**{MODELS[kind]: each for kind, each in said.chosen.items()}, **baselines}, responses
    )
    replicates = len(next(iter(said.networks.values())))
    alone = pd.concat(
        [
            yardstick.scores(
                {MODELS[kind]: each[k] for kind, each in said.networks.items()}, responses
            )
            for k in range(replicates if replicates > 1 else 0)
        ]
        or [found.iloc[:0]]
    )
    tables = {
        "network": network_table({**said.chosen, **baselines}, said.networks),
        "network_genes": _genes(cells, nodes),
        "network_scores": scores_table(found),
    }
    truth = reference_table(dataset.adata)
    if truth is not None:
        tables["reference_network"] = truth
    return tables, headline_scores(found, alone)


def mean_estimate(estimates: Sequence[NetworkEstimate]) -> NetworkEstimate:
    """Return the mean over replicates."""
    first = estimates[0]
    value = np.mean([each.value for each in estimates], axis=0)
    return known_sources(
        NetworkEstimate(first.sources, first.targets, value, first.unit, first.signed),
        first.sources,
    )


def _genes(cells: ScreenCells, nodes: Nodes) -> Table:
    whole = cells.whole()
    control = np.asarray(whole.values[whole.reference].mean(axis=0)).ravel()
    names = [name for name, real in zip(nodes.names, nodes.real, strict=True) if real]
    return genes_table(
        cells.genes,
        control,
        names,
        dict(zip(nodes.names, map(float, nodes.dose), strict=True)),
        dict(zip(nodes.names, map(bool, nodes.known), strict=True)),
    )


def _described(frame: pd.DataFrame, meanings: Mapping[str, str]) -> Table:
    return Table(frame, {str(name): meanings[str(name)] for name in frame})


def _responses(frame: pd.DataFrame, predicted: Mapping[str, Matrix]) -> Table:
    frame = frame.copy()
    order = frame["perturbation"].unique()
    frame["predicted"] = np.concatenate([predicted[str(name)] for name in order])
    meaning = "predicted difference of mean log-normalised expression to control"
    return Table(frame, {**RESPONSES, "predicted": meaning})
