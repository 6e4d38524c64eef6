"""From estimated networks to tables and scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.held_out import held_out_effects
from scdyn_core.evaluation.network.suite import score_networks
from scdyn_core.evaluation.score import Score
from scdyn_core.evaluation.screen.knock_down import knock_down
from scdyn_core.methods.association.arrays import genes_of, perturbed_of, screen_of, targets_of
from scdyn_core.methods.association.cells import LARGEST_LOG
from scdyn_core.methods.association.config import AssociationConfig, Estimator
from scdyn_core.methods.association.fit import estimates_of
from scdyn_core.methods.method import Arrays, Results, Table, Tensors
from scdyn_core.methods.perturbations.check import cautions_table
from scdyn_core.methods.regulation.planted import PlantedNetwork
from scdyn_core.methods.regulation.tables import (
    genes_table,
    network_table,
    reference_table,
    scores_table,
)
from scdyn_core.reporter import Reporter

_LEVEL = 0.05
_LN2 = float(np.log(2.0))
#: What a run is judged by, of all that is scored.
HEADLINES = ("AUPRC", "EPR", "mean Wasserstein, top 100", "false omission rate, top 100")


def association_results(
    models: Sequence[Arrays],
    tensors: Tensors,
    dataset: Dataset,
    config: AssociationConfig,
    reporter: Reporter,
) -> Results:
    """Return the networks of all training cells, how stable they are, and how well they do."""
    found = [estimates_of(model, tensors, config) for model in models]
    chosen = {str(name): each for name, each in found[0].items()}
    replicates = {str(name): [each[name] for each in found] for name in found[0]}
    reporter.progress("results", 0, 1, "comparing networks")
    scores = _scores(found[0], tensors, dataset)
    tables = {
        "network": network_table(chosen, replicates, config.edges),
        "network_genes": _genes(found[0], tensors),
    }
    if len(scores):
        tables["network_scores"] = scores_table(scores)
    reference = reference_table(dataset.adata)
    if reference is not None:
        tables["reference_network"] = reference
    cautions = cast(list[str], tensors.info["cautions"])
    if cautions:
        tables["cautions"] = cautions_table(cautions)
    reporter.progress("results", 1, 1)
    return Results(tables, list(_headlines(scores, next(iter(found[0])))))


def _scores(
    estimates: Mapping[Estimator, NetworkEstimate], tensors: Tensors, dataset: Dataset
) -> pd.DataFrame:
    """Score the networks against the planted one, and on test cells where there is a screen."""
    planted = PlantedNetwork.of(dataset.adata)
    references = {} if planted is None else planted.references(planted.nodes, genes_of(tensors))
    unseen = screen_of(tensors, "test")
    has_any = unseen is not None and any(label in targets_of(tensors) for label in unseen.names)
    held_out = held_out_effects(unseen, targets_of(tensors)) if unseen and has_any else None
    named: Mapping[str, NetworkEstimate] = {str(name): each for name, each in estimates.items()}
    return score_networks(named, references, held_out)


def _genes(estimates: Mapping[Estimator, NetworkEstimate], tensors: Tensors) -> Table:
    """Return the genes; nodes are those perturbed, or all regulators where there is no screen."""
    perturbed = perturbed_of(tensors)
    screen = screen_of(tensors, "train")
    values = np.asarray(tensors.parts["train"]["values"], dtype=np.float64)
    if screen is None:
        nodes = sorted({name for each in estimates.values() for name in each.sources})
        return genes_table(genes_of(tensors), values.mean(axis=0), nodes, {}, {})
    control = values[screen.reference].mean(axis=0)
    if values.min() < 0 or values.max() > LARGEST_LOG:
        return genes_table(genes_of(tensors), control, perturbed, {}, {})
    single = {label: own for label, own in targets_of(tensors).items() if len(own) == 1}
    changes = knock_down(screen, single)
    doses, known = {}, {}
    for row in changes[changes["perturbation"].isin(list(single))].itertuples():
        gene = single[str(row.perturbation)][0]
        known[gene] = bool(row.measured) and float(str(row.knock_down_p)) < _LEVEL
        doses[gene] = _LN2 * float(str(row.knock_down)) if known[gene] else np.nan
    sure = np.sign([dose for gene, dose in doses.items() if known[gene]])
    assumed = float(np.sign(np.sum(sure))) or -1.0
    doses = {gene: dose if known[gene] else assumed for gene, dose in doses.items()}
    return genes_table(genes_of(tensors), control, perturbed, doses, known)


def _headlines(scores: pd.DataFrame, first: str) -> list[Score]:
    found = []
    kept = scores[scores["metric"].isin(HEADLINES)]
    for (reference, metric), rows in kept.groupby(["reference", "metric"], sort=False):
        values = dict(zip(rows["model"], rows["value"], strict=True))
        if first in values:
            found.append(
                Score.model_validate(
                    {
                        "metric": f"{metric} of {first}",
                        "value": values.pop(first),
                        "split": "test cells" if "held-out" in str(reference) else str(reference),
                        "better": rows["better"].iloc[0],
                        "baselines": values,
                    }
                )
            )
    return found
