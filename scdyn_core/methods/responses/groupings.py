"""Every way of dividing the genes that a run offers: algorithms by numbers of clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.clustering.agreement import adjusted_rand, mean_agreement
from scdyn_core.evaluation.clustering.consensus import consensus
from scdyn_core.evaluation.clustering.number import level_share, pairs_kept, silhouette
from scdyn_core.methods.responses.config import ResponseConfig
from scdyn_core.methods.responses.model import ResponseModel
from scdyn_core.methods.responses.order import order_of_clusters
from scdyn_core.methods.responses.pseudobulk import Curves, Matrix
from scdyn_core.methods.responses.scaling import shrunken
from scdyn_core.reporter import Reporter, raise_if_cancelled

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Grouping:
    """One division of the genes, and how far it can be trusted.

    Attributes
    ----------
    algorithm, k
        How it was made.
    memberships
        Probability of each cluster, clusters in the order they are numbered, shape ``(G, k)``.
    labels
        The cluster of every gene from 0, shape ``(G,)``.
    stability
        Share of replicates that agree, shape ``(G,)``; NaN with a single one.
    kept
        Share of each cluster's pairs of genes that stay together in another half of the cells,
        shape ``(k,)``.
    halves, replicates
        Agreement (adjusted Rand index) between halves of the cells, and between replicates.
    silhouette, level_share, bic
        Other marks of the division.
    """

    algorithm: str
    k: int
    memberships: Matrix
    labels: Labels
    stability: Matrix
    kept: Matrix
    halves: float
    replicates: float
    silhouette: float
    level_share: float
    bic: float


@dataclass(frozen=True)
class Seen:
    """What the genes are divided by: curves of all genes, and of both halves of the cells.

    Attributes
    ----------
    everything
        Curves from all cells.
    halves
        Curves of all genes, from each half.
    learned
        Curves of the training genes, from each half.
    """

    everything: Curves
    halves: tuple[Curves, Curves]
    learned: tuple[Curves, Curves]


def groupings(
    models: Sequence[ResponseModel],
    seen: Seen,
    config: ResponseConfig,
    seed: int,
    reporter: Reporter,
) -> list[Grouping]:
    """Divide the genes with every algorithm into every number of clusters.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    numbers = config.numbers(len(seen.learned[0].mean))
    todo = [(algorithm, k) for algorithm in models[0].algorithms for k in numbers]
    done = []
    for number, (algorithm, k) in enumerate(todo):
        raise_if_cancelled(reporter)
        reporter.progress("clusters", number, len(todo), f"{algorithm}, {k} clusters")
        done.append(_grouping(models, seen, algorithm, k, seed, reporter))
    reporter.progress("clusters", len(todo), len(todo))
    return done


def _grouping(
    models: Sequence[ResponseModel],
    seen: Seen,
    algorithm: str,
    k: int,
    seed: int,
    reporter: Reporter,
) -> Grouping:
    found = seen.everything
    first = models[0]
    agreed = consensus([model.memberships(found, algorithm, k, seed) for model in models])
    known = shrunken(found.mean - first.offset(k), found.se)
    order = order_of_clusters(found.mean - first.offset(k), found.se, found.times, agreed.labels, k)
    labels = np.argsort(order)[agreed.labels]
    one, other = (
        first.again(half, learned, algorithm, k, seed, reporter).argmax(axis=1)
        for half, learned in zip(seen.halves, seen.learned, strict=True)
    )
    kept = [pairs_kept(labels, half, k) for half in (one, other)]
    return Grouping(
        algorithm=algorithm,
        k=k,
        memberships=agreed.memberships[:, order],
        labels=labels,
        stability=agreed.stability,
        kept=np.mean(kept, axis=0),
        halves=adjusted_rand(one, other),
        replicates=mean_agreement([each.argmax(axis=1) for each in agreed.replicates]),
        silhouette=silhouette(known, labels, seed),
        level_share=level_share(found.mean.mean(axis=1), labels),
        bic=float(np.mean([model.criterion(found, algorithm, k, seed) for model in models])),
    )
