"""Which gene sets the genes of a cluster are rich in: the hypergeometric test.

The background is the genes of the run, from which the clusters are drawn: a set counts only with
those of its genes. The p-value takes genes for independent draws, which genes that are regulated
together are not; it ranks sets rather than proves them.

Symbols: G genes of the run, K of them in the set, n in the cluster, x in both;
p = P(X >= x), X hypergeometric(G, K, n): Fisher's exact test, one-sided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.enrichment import matched_sets

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
    from scipy.stats import false_discovery_control, hypergeom

    genes = [str(gene) for gene in clusters["gene"]]
    members = matched_sets(genes, sets)
    if not members:
        return pd.DataFrame(columns=list(COLUMNS))
    numbers = clusters["cluster"].to_numpy()
    rows = []
    for cluster, size in zip(*np.unique(numbers, return_counts=True), strict=True):
        for name, found in members.items():
            inside = found[numbers[found] == cluster]
            expected = len(found) * size / len(genes)
            rows.append(
                (int(cluster), name, len(sets[name]), len(found), int(size), len(inside), expected,
                 len(inside) / expected, _in_words(genes, inside))
            )  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=[name for name in COLUMNS if name not in ("p", "p_adjusted")]
    )
    p = hypergeom.sf(frame["overlap"] - 1, len(genes), frame["matched"], frame["cluster_genes"])
    frame["p"] = np.clip(p, 0.0, 1.0)
    frame["p_adjusted"] = false_discovery_control(frame["p"].to_numpy())
    return frame[list(COLUMNS)].sort_values(
        ["p", "fold"], ascending=[True, False], ignore_index=True
    )


def _in_words(genes: Sequence[str], positions: NDArray[np.int64]) -> str:
    return ", ".join(genes[position] for position in positions)
