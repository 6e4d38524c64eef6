"""Networks beside their baselines: against the truth, and on held-out cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.held_out import HeldOutEffects, held_out_effects
from scdyn_core.evaluation.network.reference import Reference
from scdyn_core.evaluation.network.suite import score_networks
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.methods.perturbations.values import ScreenCells
from scdyn_core.methods.regulation.nodes import Nodes
from scdyn_core.methods.regulation.planted import PlantedNetwork

Matrix = NDArray[np.float64]
#: Names of this run's networks among the models.
THIS_RUN, TOTAL = "this run", "this run, total effects"
RESPONSE = "change of mean log-normalised expression"
#: Cells of a label that a comparison needs.
FEWEST = 5
#: What is shown where everybody looks, of every reference.
HEADLINES = ("AUPRC", "EPR")


@dataclass(frozen=True)
class Yardstick:
    """What networks are compared with.

    Not with a prior network: one that it was learned with says nothing of a network.

    Attributes
    ----------
    references
        Planted networks of generated data, by name.
    held_out
        Test cells of perturbations and control; ``None`` where there are too few.
    """

    references: Mapping[str, Reference]
    held_out: HeldOutEffects | None

    @classmethod
    def of(cls, dataset: Dataset, cells: ScreenCells, nodes: Nodes) -> Yardstick:
        """Find what the edges of learned nodes to measured genes can be compared with."""
        named = zip(nodes.names, nodes.real & nodes.learned, strict=True)
        sources = [name for name, own in named if own]
        planted = PlantedNetwork.of(dataset.adata)
        references = {} if planted is None else planted.references(sources, cells.genes)
        whole = cells.whole()
        test = cells.part == "test"
        counted = pd.Series(whole.labels[test]).value_counts()
        few = counted.index[counted < FEWEST]
        held_out = None
        if counted.get(whole.control, 0) >= FEWEST and len(counted) > len(few) + 1:
            screen = whole.of(test & ~np.isin(whole.labels, few))
            held_out = held_out_effects(screen, cells.labelled.genes)
        return cls(references, held_out)

    def scores(
        self, estimates: Mapping[str, NetworkEstimate], responses: NetworkEstimate
    ) -> pd.DataFrame:
        """Score networks on the same pairs, as ``evaluation.network.suite.score_networks``.

        Parameters
        ----------
        estimates
            By the name of the model.
        responses
            What the run predicts of every node, as changes of log-normalised expression: its total
            effects, in the unit in which cells are compared.
        """
        known = score_networks(estimates, self.references)
        on_cells = score_networks({**estimates, TOTAL: responses}, {}, self.held_out)
        return pd.concat([known, on_cells], ignore_index=True)


def predicted_network(
    predicted: Mapping[str, Matrix], screen: Labelled, nodes: Nodes, genes: tuple[str, ...]
) -> NetworkEstimate:
    """Return predicted responses to single perturbations as a network, signed as edges."""
    alone = {parts[0]: name for name, parts in screen.parts.items() if len(parts) == 1}
    rows, sources = [], []
    for name, dose, real in zip(nodes.names, nodes.dose, nodes.real, strict=True):
        if real:
            sources.append(name)
            label = alone.get(name)
            change = np.zeros(len(genes)) if label is None else predicted[label]
            rows.append(np.sign(dose) * change)
    return NetworkEstimate(tuple(sources), genes, np.stack(rows), RESPONSE)


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
