"""From models of responses to tables and scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS
from scdyn_core.methods.method import Results, Tensors
from scdyn_core.methods.responses import cluster_tables, gene_tables
from scdyn_core.methods.responses.arrays import HALVES, all_curves, part_curves
from scdyn_core.methods.responses.baselines import compared
from scdyn_core.methods.responses.choice import choice_table, chosen_number
from scdyn_core.methods.responses.compared_groups import group_curves
from scdyn_core.methods.responses.config import ResponseConfig
from scdyn_core.methods.responses.groupings import Grouping, Seen, groupings
from scdyn_core.methods.responses.groups import ALL
from scdyn_core.methods.responses.hidden_times import hidden_times
from scdyn_core.methods.responses.model import ResponseModel
from scdyn_core.methods.responses.reading import Reading
from scdyn_core.methods.responses.scores import response_scores
from scdyn_core.reporter import Reporter

#: var column with the planted class of every gene, in generated data.
TRUTH = "response_class_true"


def response_results(
    models: Sequence[ResponseModel],
    tensors: Tensors,
    dataset: Dataset,
    config: ResponseConfig,
    reporter: Reporter,
) -> Results:
    """Divide all genes in every way, choose one, and set it beside its baselines.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    seed = int(str(tensors.info["seed"]))
    found = all_curves(tensors)
    genes = np.concatenate([tensors.samples[part] for part in PARTS])
    names = [str(name) for name in dataset.adata.var_names[genes]]
    parts = np.repeat(np.asarray(PARTS, dtype=object), [len(tensors.samples[p]) for p in PARTS])
    divisions = groupings(models, _seen(tensors), config, seed, reporter)
    chosen = _chosen(divisions, config)
    reading = Reading.of(models, chosen.k)
    offset = reading.offset
    test = [name for name, part in zip(names, parts, strict=True) if part == "test"]
    by_part = {part: part_curves(tensors, part) for part in PARTS}
    hidden = hidden_times(reading, by_part, test, seed, reporter)
    truth = _truth(dataset, genes)
    beside = compared(chosen, _seen(tensors), offset, names, _numbered(truth), seed, reporter)
    reporter.progress("results", 0, 1, "map and tables")
    mean, sd = reading.predicted(found)
    latent = gene_tables.latent_table(models, found, names, chosen.k)
    places = models[0].latent(found, chosen.k)
    # Here genes stand part by part, in the curves of groups as in the dataset.
    in_order = np.argsort(np.argsort(genes))
    groups = group_curves(dataset, config, found.rows(np.argsort(genes)), offset)
    measured = {
        ALL: (found, offset),
        **{name: (own.rows(in_order), shift) for name, (own, shift) in groups.items()},
    }
    tables = {
        "genes": gene_tables.genes_table(names, parts, found, mean, places, truth, seed),
        "curves": gene_tables.curves_table(names, measured),
        "fitted": gene_tables.fitted_table(names, found.times, mean, sd, hidden.factor),
        "clusters": cluster_tables.clusters_table(divisions, names),
        "memberships": cluster_tables.memberships_table(divisions, names),
        "cluster_curves": cluster_tables.cluster_curves_table(divisions, mean, found.times),
        "choice_of_k": choice_table(divisions, config.clusters),
        "cluster_summary": cluster_tables.summary_table(divisions, mean, found.times, names),
        "latent": latent,
        "predictions": hidden.table,
        **beside,
    }
    reporter.progress("results", 1, 1)
    return Results(tables, response_scores(beside["baselines"].frame, hidden.table.frame))


def _seen(tensors: Tensors) -> Seen:
    one, other = HALVES
    return Seen(
        everything=all_curves(tensors),
        halves=(all_curves(tensors, one), all_curves(tensors, other)),
        learned=(part_curves(tensors, "train", one), part_curves(tensors, "train", other)),
    )


def _chosen(divisions: Sequence[Grouping], config: ResponseConfig) -> Grouping:
    own = [each for each in divisions if each.algorithm == divisions[0].algorithm]
    k = chosen_number(own, config.clusters)
    return next(each for each in own if each.k == k)


def _truth(dataset: Dataset, genes: NDArray[np.int64]) -> NDArray[np.object_] | None:
    """Return the planted class of every gene of generated data."""
    if TRUTH not in dataset.adata.var:
        return None
    classes = dataset.adata.var[TRUTH].astype(str).to_numpy(dtype=object)
    return np.asarray(classes[genes])


def _numbered(truth: NDArray[np.object_] | None) -> NDArray[np.int64] | None:
    return None if truth is None else np.unique(truth, return_inverse=True)[1]
