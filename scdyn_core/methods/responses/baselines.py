"""The run's clusters beside those that cheaper methods make of the same cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from scdyn_core.evaluation.clustering import soft
from scdyn_core.evaluation.clustering.agreement import Labels, adjusted_rand
from scdyn_core.evaluation.clustering.baselines import BASELINES
from scdyn_core.evaluation.clustering.number import level_share, silhouette
from scdyn_core.methods.method import Table
from scdyn_core.methods.responses.groupings import Grouping, Seen
from scdyn_core.methods.responses.pseudobulk import Curves, Matrix
from scdyn_core.methods.responses.scaling import shrunken
from scdyn_core.reporter import Reporter, raise_if_cancelled

THIS_RUN = "this run"
_SAME_INPUT = ", this run's input"
MEANINGS = {
    "baseline": "who made the clusters",
    "k": "number of clusters, as in this run",
    "halves": "agreement (adjusted Rand index) between clusters of two halves of the cells",
    "silhouette": "mean silhouette of the scaled curves",
    "agreement": "agreement (adjusted Rand index) with the clusters of this run",
    "level_share": "share of the variance of the genes' mean level that the clusters explain",
    "truth": "agreement (adjusted Rand index) with the planted classes",
}
Labelling = Callable[[Curves], Labels]


def compared(
    chosen: Grouping,
    seen: Seen,
    offset: Matrix,
    names: list[str],
    truth: Labels | None,
    seed: int,
    reporter: Reporter,
) -> dict[str, Table]:
    """Return tables ``baselines`` and ``baseline_clusters`` for the chosen division.

    Parameters
    ----------
    offset
        What this run removes at each time. The published baselines do not know of it; two more
        are given this run's input.
    truth
        Planted class of every gene, where known.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    found, level = seen.everything, seen.everything.mean.mean(axis=1)
    scaled = shrunken(found.mean - offset, found.se)
    labellings = _labellings(chosen.k, offset, seed)
    rows, clusters = [], []

    def add(name: str, labels: Labels, halves: float) -> None:
        rows.append(
            {
                "baseline": name,
                "k": chosen.k,
                "halves": halves,
                "silhouette": silhouette(scaled, labels, seed),
                "agreement": adjusted_rand(labels, chosen.labels),
                "level_share": level_share(level, labels),
                **({} if truth is None else {"truth": adjusted_rand(labels, truth)}),
            }
        )

    add(THIS_RUN, chosen.labels, chosen.halves)
    for number, (name, labelled) in enumerate(labellings.items()):
        raise_if_cancelled(reporter)
        reporter.progress("baselines", number, len(labellings), name)
        labels = labelled(found)
        add(name, labels, adjusted_rand(*(labelled(half) for half in seen.halves)))
        clusters.append(pd.DataFrame({"baseline": name, "gene": names, "cluster": labels + 1}))
    reporter.progress("baselines", len(labellings), len(labellings))
    frame = pd.DataFrame(rows)
    return {
        "baselines": Table(frame, {name: MEANINGS[name] for name in map(str, frame)}),
        "baseline_clusters": Table(
            pd.concat(clusters, ignore_index=True),
            {
                "baseline": MEANINGS["baseline"],
                "gene": "name of the gene",
                "cluster": "number of its cluster, in no order",
            },
        ),
    }


def _labellings(k: int, offset: Matrix, seed: int) -> dict[str, Labelling]:
    def plain(name: str) -> Labelling:
        return lambda found: BASELINES[name](found.mean, found.times, k, seed)

    def own(way: Callable[..., Matrix]) -> Labelling:
        return lambda found: np.asarray(
            way(shrunken(found.mean - offset, found.se), k, seed).argmax(axis=1)
        )

    return {name: plain(name) for name in BASELINES} | {
        f"k-means{_SAME_INPUT}": own(soft.k_means),
        f"Gaussian mixture{_SAME_INPUT}": own(soft.gaussian_mixture),
    }
