"""Which gene sets the genes of a cluster are rich in: the hypergeometric test.

The background is the genes of the run, from which the clusters are drawn: a set counts only with
those of its genes. The p-value takes genes for independent draws, which genes that are regulated
together are not; it ranks sets rather than proves them.

Symbols: G genes of the run, K of them in the set, n in the cluster, x in both;
p = P(X >= x), X hypergeometric(G, K, n): Fisher's exact test, one-sided.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.enrichment import matched_sets

Group = TypeVar("Group", bound=Hashable)
COLUMNS = {
    "cluster": "number of the cluster",
    "gene_set": "name of the gene set",
    "set_genes": "genes in the set",
    "matched": "of these, genes of the run (upper and lower case count as the same)",
    "cluster_genes": "genes in the cluster",
    "overlap": "genes of the set in the cluster",
    "expected": "genes of the set to expect in as many genes of the run drawn at random",
    "fold": "overlap, as a multiple of what to expect",
    "p": "probability of as large an overlap if genes were drawn at random (hypergeometric)",
    "p_adjusted": "Benjamini-Hochberg adjusted p over all pairs of set and cluster; takes genes "
    "for independent",
    "genes": "genes of the set in the cluster",
}


def over_representation(clusters: pd.DataFrame, sets: Mapping[str, frozenset[str]]) -> pd.DataFrame:
    """Test every gene set in every cluster.

    Parameters
    ----------
    clusters
        One row a gene of the run: ``gene`` and ``cluster``.
    sets
        Name -> genes in upper case; those with fewer than ``enrichment.FEWEST_GENES`` genes of
        the run are left out.

    Returns
    -------
    DataFrame
        ``COLUMNS``, the smallest p first; empty when no set has enough genes of the run.
    """
    genes = [str(gene) for gene in clusters["gene"]]
    numbers = clusters["cluster"].to_numpy()
    groups = {int(one): np.flatnonzero(numbers == one) for one in np.unique(numbers)}
    found = over_represented(genes, groups, sets)
    return found.rename(columns={"group": "cluster", "group_genes": "cluster_genes"})


def over_represented(
    genes: Sequence[str],
    groups: Mapping[Group, NDArray[np.int64]],
    sets: Mapping[str, frozenset[str]],
) -> pd.DataFrame:
    """Test every gene set in groups of genes that may overlap.

    Parameters
    ----------
    genes
        All genes of the run: the background.
    groups
        Name of a group -> positions of its genes.
    sets
        As for ``over_representation``.

    Returns
    -------
    DataFrame
        ``COLUMNS`` with ``group`` and ``group_genes`` in place of the cluster, the smallest p
        first; empty when no set has enough genes of the run.
    """
    from scipy.stats import false_discovery_control, hypergeom

    columns = [name.replace("cluster", "group") for name in COLUMNS]
    members = matched_sets(genes, sets)
    if not members:
        return pd.DataFrame(columns=columns)
    rows = []
    for group, positions in groups.items():
        for name, found in members.items():
            inside = np.intersect1d(found, positions)
            expected = len(found) * len(positions) / len(genes)
            fold = len(inside) / expected if expected else 0.0
            rows.append(
                (group, name, len(sets[name]), len(found), len(positions), len(inside), expected,
                 fold, _in_words(genes, inside))
            )  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=[name for name in columns if name not in ("p", "p_adjusted")]
    )
    p = hypergeom.sf(frame["overlap"] - 1, len(genes), frame["matched"], frame["group_genes"])
    frame["p"] = np.clip(p, 0.0, 1.0)
    frame["p_adjusted"] = false_discovery_control(frame["p"].to_numpy())
    return frame[columns].sort_values(["p", "fold"], ascending=[True, False], ignore_index=True)


def _in_words(genes: Sequence[str], positions: NDArray[np.int64]) -> str:
    return ", ".join(genes[position] for position in positions)
