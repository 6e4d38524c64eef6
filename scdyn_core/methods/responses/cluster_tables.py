"""Tables about clusters, for every division of the genes that a run offers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scdyn_core.evaluation.timing import timing
from scdyn_core.methods.method import Table
from scdyn_core.methods.responses.between import between, dense_times
from scdyn_core.methods.responses.groupings import Grouping
from scdyn_core.methods.responses.pseudobulk import Matrix

#: Genes named as typical of a cluster.
TYPICAL = 8
#: Smaller memberships are not worth a row.
LEAST_MEMBERSHIP = 0.01
_DIVISION = {"algorithm": "how clusters were made", "k": "number of clusters"}
_GENE = {"gene": "name of the gene"}
_CLUSTER = {"cluster": "number of the cluster, in the order of their peaks"}
_MEMBERSHIP = {"membership": "probability that the gene belongs to it"}


def clusters_table(found: Sequence[Grouping], names: list[str]) -> Table:
    """Return the cluster of every gene in every division."""
    frames = [
        pd.DataFrame(
            {
                "algorithm": each.algorithm,
                "k": each.k,
                "gene": names,
                "cluster": each.labels + 1,
                "membership": each.memberships[np.arange(len(names)), each.labels],
                "stability": each.stability,
            }
        )
        for each in found
    ]
    stability = {"stability": "share of replicates that agree; empty with a single one"}
    return Table(
        pd.concat(frames, ignore_index=True),
        {**_DIVISION, **_GENE, **_CLUSTER, **_MEMBERSHIP, **stability},
    )


def memberships_table(found: Sequence[Grouping], names: list[str]) -> Table:
    """Return every membership that is worth a row."""
    frames = []
    for each in found:
        gene, cluster = np.nonzero(each.memberships >= LEAST_MEMBERSHIP)
        frames.append(
            pd.DataFrame(
                {
                    "algorithm": each.algorithm,
                    "k": each.k,
                    "gene": np.asarray(names, dtype=object)[gene],
                    "cluster": cluster + 1,
                    "membership": each.memberships[gene, cluster],
                }
            )
        )
    return Table(
        pd.concat(frames, ignore_index=True), {**_DIVISION, **_GENE, **_CLUSTER, **_MEMBERSHIP}
    )


def cluster_curves_table(found: Sequence[Grouping], fitted: Matrix, times: Matrix) -> Table:
    """Return mean and spread of the members' fold changes over time."""
    fold = fitted - fitted[:, :1]
    frames = []
    for each in found:
        for cluster in np.unique(each.labels):
            members = fold[each.labels == cluster]
            low, high = np.quantile(members, [0.05, 0.95], axis=0)
            frames.append(
                pd.DataFrame(
                    {
                        "algorithm": each.algorithm,
                        "k": each.k,
                        "cluster": cluster + 1,
                        "time": times,
                        "mean": members.mean(axis=0),
                        "low": low,
                        "high": high,
                    }
                )
            )
    meanings = {
        "time": "sampling time",
        "mean": "mean log2 fold change of the members to the first time",
        "low": "5 % of the members are below",
        "high": "5 % of the members are above",
    }
    return Table(pd.concat(frames, ignore_index=True), {**_DIVISION, **_CLUSTER, **meanings})


def summary_table(
    found: Sequence[Grouping], fitted: Matrix, times: Matrix, names: list[str]
) -> Table:
    """Return one row per cluster of every division."""
    grid, _ = dense_times(times)
    fold = between(fitted - fitted[:, :1], np.zeros_like(fitted), times, grid)[0]
    own = timing(fold, grid)
    rows = []
    for each in found:
        for cluster in np.unique(each.labels):
            members = np.flatnonzero(each.labels == cluster)
            curve = timing(fold[members].mean(axis=0), grid)
            rows.append(
                {
                    "algorithm": each.algorithm,
                    "k": each.k,
                    "cluster": cluster + 1,
                    "size": len(members),
                    "membership": each.memberships[members, cluster].mean(),
                    "stability": each.stability[members].mean(),
                    "halves": each.kept[cluster],
                    "change": np.median(own.change[members]),
                    "onset_time": float(curve.onset),
                    "peak_time": float(curve.peak),
                    "half_life": float(curve.half_life),
                    "top_genes": ", ".join(_typical(each, cluster, members, fold, names)),
                }
            )
    meanings = {
        "size": "number of genes",
        "membership": "mean membership of the genes",
        "stability": "mean share of replicates that agree; empty with a single one",
        "halves": "share of its pairs of genes that are together in another half of the cells too",
        "change": "median of the genes' largest changes, log2",
        "onset_time": "first time at which its mean curve has made half of its change",
        "peak_time": "time of the largest change of its mean curve",
        "half_life": "time from the peak until half of the change is lost; empty if it never is",
        "top_genes": "genes most typical of it",
    }
    return Table(pd.DataFrame(rows), {**_DIVISION, **_CLUSTER, **meanings})


def _typical(
    each: Grouping, cluster: int, members: np.ndarray, fold: Matrix, names: list[str]
) -> list[str]:
    """Name the members with the surest membership, the largest change breaking ties."""
    sure = np.round(each.memberships[members, cluster], 2)
    size = np.abs(fold[members]).max(axis=1)
    best = members[np.lexsort((-size, -sure))[:TYPICAL]]
    return [names[gene] for gene in best]
