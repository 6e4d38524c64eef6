"""Networks beside their baselines: against the truth, a prior network, and held-out cells."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.held_out import held_out_effects
from scdyn_core.evaluation.network.reference import Reference
from scdyn_core.evaluation.network.suite import score_networks
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.values import ScreenCells
from scdyn_core.methods.regulation.nodes import Nodes
from scdyn_core.methods.regulation.planted import PlantedNetwork

#: Names of this run's networks among the models.
THIS_RUN, TOTAL = "this run", "this run, total effects"
#: Cells of a label that a comparison needs.
FEWEST = 5
#: What is shown where everybody looks, of every reference.
HEADLINES = ("AUPRC", "EPR")


def network_scores(
    estimates: Mapping[str, NetworkEstimate],
    dataset: Dataset,
    cells: ScreenCells,
    nodes: Nodes,
    tensors: Tensors,
    prior: str,
) -> pd.DataFrame:
    """Score every network on the pairs of learned nodes and measured genes."""
    named = zip(nodes.names, nodes.real & nodes.learned, strict=True)
    sources = [name for name, own in named if own]
    references: dict[str, Reference] = {}
    planted = PlantedNetwork.of(dataset.adata)
    if planted is not None:
        references |= planted.references(sources, cells.genes)
    if prior:
        rows = [nodes.names.index(name) for name in sources]
        known = np.asarray(tensors.constants["prior"])[rows]
        leaves, entered = (known != 0).any(axis=1), (known != 0).any(axis=0)
        if leaves.any():
            references[prior] = Reference.of_effects(
                [name for name, own in zip(sources, leaves, strict=True) if own],
                [name for name, own in zip(cells.genes, entered, strict=True) if own],
                known[np.ix_(leaves, entered)],
            )
    whole = cells.whole()
    test = cells.part == "test"
    counted = pd.Series(whole.labels[test]).value_counts()
    few = counted.index[counted < FEWEST]
    held_out = None
    if counted.get(whole.control, 0) >= FEWEST and len(counted) > len(few) + 1:
        screen = whole.of(test & ~np.isin(whole.labels, few))
        held_out = held_out_effects(screen, cells.labelled.genes)
    return score_networks(estimates, references, held_out)


def headline_scores(found: pd.DataFrame, replicates: pd.DataFrame) -> list[Score]:
    """Return the scores of this run beside the baselines, reference by reference.

    Parameters
    ----------
    replicates
        The same metrics of every replicate alone: ``replicate`` besides the columns of ``found``.
    """
    scores = []
    for (reference, metric), rows in found.groupby(["reference", "metric"], sort=False):
        if metric not in HEADLINES:
            continue
        # A total effect is what this run says of all paths together.
        own = TOTAL if str(reference).endswith("total") else THIS_RUN
        values = rows.set_index("model")["value"]
        if own not in values:
            continue
        alone = replicates[
            (replicates["reference"] == reference)
            & (replicates["metric"] == metric)
            & (replicates["model"] == own)
        ]["value"]
        others = values.drop([name for name in (THIS_RUN, TOTAL) if name in values])
        scores.append(
            Score(
                metric=f"{metric} ({reference})",
                value=float(values[own]),
                split="test" if reference == "held-out cells" else "reference network",
                better="higher",
                replicate_sd=float(alone.std(ddof=1)) if len(alone) > 1 else None,
                baselines={str(name): float(value) for name, value in others.items()},
            )
        )
    return scores
