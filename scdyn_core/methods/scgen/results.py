"""From trained networks to the tables and scores of a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.cell_tables import CELL_FIT, latent_table
from scdyn_core.methods.method import Results, Table, Tensors
from scdyn_core.methods.scgen.cell_fit import cell_fit_table
from scdyn_core.methods.scgen.cells import RunCells
from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.methods.scgen.network import ScgenNetwork
from scdyn_core.methods.scgen.predictors import encoded
from scdyn_core.methods.scgen.reconstruction import reconstruction
from scdyn_core.methods.scgen.tables import LATENT, cells_table
from scdyn_core.methods.scgen.unseen import UnseenTables, tables_of, unseen_tables
from scdyn_core.reporter import Reporter, raise_if_cancelled

#: What scores of held-out types are measured on.
MEASURED = "treated cells of unseen types"


def scgen_results(
    networks: Sequence[ScgenNetwork],
    tensors: Tensors,
    dataset: Dataset,
    config: ScgenConfig,
    reporter: Reporter,
) -> Results:
    """Predict held-out types, and describe all cells.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    seed = int(str(tensors.info["seed"]))
    cells = RunCells.of(dataset, tensors, config)
    steps = len(networks) + 2
    found: list[UnseenTables] = []
    for number, network in enumerate(networks):
        raise_if_cancelled(reporter)
        reporter.progress("results", number, steps, "responses of unseen types")
        network.eval()
        if cells.held_out:
            found.append(unseen_tables(network, cells, config.width, seed=seed, number=number))
    reporter.progress("results", len(networks), steps, "reconstruction")
    raise_if_cancelled(reporter)
    errors, score = reconstruction(networks, cells, config.latents, seed)
    reporter.progress("results", len(networks) + 1, steps, "latents")
    table = cells_table(dataset, cells)
    tables = {
        **(tables_of(found) if found else {}),
        "reconstruction": errors,
        "cells": table,
        "latent": latent_table(
            [encoded(each, cells.values) for each in networks], table.frame, LATENT
        ),
        CELL_FIT: cell_fit_table(networks, cells, table.frame),
    }
    said = cautions(cells, tables, counted=bool(np.isfinite(tensors.constants["depth"])))
    if said:
        tables["cautions"] = Table(
            pd.DataFrame({"caution": np.array(said, dtype=object)}),
            {"caution": "what a reader of the results must know"},
        )
    reporter.progress("results", steps, steps)
    unseen = tables["unseen_scores"].frame if "unseen_scores" in tables else None
    own = [] if unseen is None else response_scores(unseen, config.predictor)
    return Results(tables, [*own, score])


def cautions(cells: RunCells, tables: dict[str, Table], *, counted: bool) -> list[str]:
    """Return what a reader must know.

    Parameters
    ----------
    counted
        Expression is of raw counts, and not a matrix that was made before.
    """
    said = []
    if not counted and cells.held_out:
        said.append(
            "No raw counts are known, so X is taken as it is. What made it (scaling, a choice of "
            "genes) may have looked at the treated cells that are predicted here."
        )
    if (cells.values < 0).any():
        said.append(
            "Expression has values below 0, as scaled data have: what is called log-normalised is "
            "in units of X, and weights of types compare scaled genes. Choose a matrix of raw "
            "counts, or a recipe that does not scale, for log units."
        )
    if not cells.held_out:
        return [
            *said,
            "No type was held out and every type has treated cells: nothing is predicted that was "
            "not seen. Latents and reconstruction are of types and conditions that were learned.",
        ]
    if "unseen_scores" not in tables:
        return [
            *said,
            "The predicted types have no treated cells at all: the prediction cannot be checked. "
            "Hold out a type that has them to see how far predictions go on these data.",
        ]
    return said


def response_scores(frame: pd.DataFrame, predictor: str) -> list[Score]:
    """Return a score a metric: the chosen predictor beside the baselines, mean over types.

    A metric that says nothing of a type, whoever predicts it, is of the other types.
    """
    scores = []
    for metric, part in frame.dropna(subset=["value"]).groupby("metric", sort=False):
        by_seed = part.pivot_table(index="seed", columns="predictor", values="value", sort=False)
        own = by_seed[predictor].to_numpy(dtype=np.float64)
        simple = set(part.loc[part["kind"] == "baseline", "predictor"]) - {predictor}
        scores.append(
            Score(
                metric=str(metric),
                value=float(own.mean()),
                split=MEASURED,
                better=part["better"].iloc[0],
                replicate_sd=float(own.std(ddof=1)) if len(own) > 1 else None,
                baselines={
                    str(name): float(by_seed[name].mean()) for name in by_seed if name in simple
                },
            )
        )
    return scores
