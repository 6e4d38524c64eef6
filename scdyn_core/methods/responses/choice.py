"""How many clusters: the rule, and the table of what it looks at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scdyn_core.methods.method import Table
from scdyn_core.methods.responses.groupings import Grouping

MEANINGS = {
    "algorithm": "how clusters were made",
    "k": "number of clusters",
    "bic": "Bayesian information criterion; lower is better",
    "silhouette": "mean silhouette of the scaled curves; higher is better",
    "halves": "agreement (adjusted Rand index) between clusters of two halves of the cells",
    "replicates": "mean agreement (adjusted Rand index) between replicates",
    "level_share": "share of the variance of the genes' mean level that the clusters explain",
    "chosen": "whether the rule chooses this number: the lowest BIC where there is one, else the "
    "largest product of silhouette and agreement between halves of the cells",
}


def chosen_number(found: Sequence[Grouping], asked: int) -> int:
    """Return the number of clusters of one algorithm: as asked, or as the rule says.

    Where there is a likelihood its criterion (BIC) decides. Elsewhere it is the largest product
    of silhouette and agreement between halves of the cells: agreement alone prefers clusters of
    expression level, the silhouette alone few of them.
    """
    if asked:
        return asked
    bic = [each.bic for each in found]
    if np.isfinite(bic).any():
        return chosen_by_criterion([each.k for each in found], bic)
    marks = np.nan_to_num([(each.silhouette, each.halves) for each in found])
    return found[int(marks.clip(0.0).prod(axis=1).argmax())].k


def chosen_by_criterion(numbers: Sequence[int], bic: Sequence[float]) -> int:
    """Return the number with the lowest criterion."""
    return numbers[int(np.nanargmin(bic))]


def choice_table(found: Sequence[Grouping], asked: int) -> Table:
    """Tabulate every division with the rule's choice for each algorithm."""
    rows = []
    for algorithm in dict.fromkeys(each.algorithm for each in found):
        own = [each for each in found if each.algorithm == algorithm]
        k = chosen_number(own, asked)
        rows += [
            {
                "algorithm": each.algorithm,
                "k": each.k,
                "bic": each.bic,
                "silhouette": each.silhouette,
                "halves": each.halves,
                "replicates": each.replicates,
                "level_share": each.level_share,
                "chosen": each.k == k,
            }
            for each in own
        ]
    return Table(pd.DataFrame(rows), MEANINGS)
