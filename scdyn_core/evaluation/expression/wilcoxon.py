"""Which genes differ between two sets of cells: the Wilcoxon rank sum test, gene by gene.

The same numbers as ``scanpy.tl.rank_genes_groups(method="wilcoxon", tie_correct=True)`` gives for
the same cells, at a million of them too: genes are read one at a time, and zeros are not sorted.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.expression.cell_pair import FIRST, CellPair
from scdyn_core.evaluation.expression.ranks import rank_sum
from scdyn_core.evaluation.expression.reader import Entries, ExpressionReader, Values
from scdyn_core.evaluation.expression.ticking import ticking
from scdyn_core.evaluation.screen.false_discovery import adjust
from scdyn_core.reporter import Reporter, SilentReporter

#: Scanpy's, which keeps the logarithm of a gene without expression finite.
_UNSEEN = 1e-9
COLUMNS = {
    "gene": "gene",
    "z": "z score of the rank sum: above 0 where the gene is higher in the first set",
    "p": "two-sided p value; takes cells for independent",
    "p_adjusted": "Benjamini-Hochberg adjusted over all genes",
    "log2_fold_change": "log2 of mean expression in the first set over the second, from means of "
    "log values as scanpy does",
    "difference": "mean in the first set minus mean in the second; the values are no logarithms "
    "of expression, so there is no fold change",
    "mean_first": "mean value in the first set",
    "mean_second": "mean value in the second set",
    "fraction_first": "share of cells of the first set that express the gene",
    "fraction_second": "share of cells of the second set that express the gene",
}


def wilcoxon(
    reader: ExpressionReader,
    pair: CellPair,
    *,
    scale: Literal["log", "other"] = "log",
    reporter: Reporter | None = None,
) -> pd.DataFrame:
    """Compare every gene between two sets.

    Parameters
    ----------
    reader
        Gives values gene by gene.
    pair
        The sets.
    scale
        ``log``: values are natural logarithms of expression plus 1, and fold changes are given;
        ``other``: differences of means are given, and no fractions.
    reporter
        Hears how far it is, and may stop it.

    Returns
    -------
    pandas.DataFrame
        One row a gene, the surest first: those of ``COLUMNS`` that apply.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    genes = list(reader.genes)
    sizes = (len(pair.first), len(pair.second))
    side = pair.sides(reader.n_cells)
    found = np.zeros((len(genes), 6))
    for row, gene in ticking(genes, "comparing genes", reporter or SilentReporter()):
        found[row] = _one_gene(reader.nonzero(gene), side, sizes)
    z, means, fractions = _z_scores(found[:, 0], found[:, 1], sizes), found[:, 2:4], found[:, 4:]
    return _table(genes, z, means, fractions, scale)


def _one_gene(entries: Entries, side: NDArray[np.uint8], sizes: tuple[int, int]) -> list[float]:
    """Return rank sum, factor for ties, both means and both fractions of cells not 0."""
    cells, values = entries
    own = side[cells]
    kept = (own > 0) & (values != 0)
    values, in_first = values[kept], own[kept] == FIRST
    some = int(np.count_nonzero(in_first))
    expressing = (some, len(values) - some)
    zeros = (sizes[0] - expressing[0], sizes[1] - expressing[1])
    totals = values[in_first].sum(dtype=np.float64), values[~in_first].sum(dtype=np.float64)
    return [
        *rank_sum(values, in_first, zeros),
        *(float(total) / size for total, size in zip(totals, sizes, strict=True)),
        *(number / size for number, size in zip(expressing, sizes, strict=True)),
    ]


def _z_scores(rank_sums: Values, factors: Values, sizes: tuple[int, int]) -> Values:
    """Return z of every gene; 0 where all its values are equal."""
    n, m = sizes
    deviation = np.sqrt(factors * n * m * (n + m + 1) / 12.0)
    centred = rank_sums - n * (n + m + 1) / 2.0
    z: Values = np.divide(centred, deviation, out=np.zeros_like(centred), where=deviation > 0)
    return z


def _table(
    genes: list[str], z: Values, means: Values, fractions: Values, scale: Literal["log", "other"]
) -> pd.DataFrame:
    from scipy.stats import norm

    p = 2 * norm.sf(np.abs(z))
    frame: pd.DataFrame = pd.DataFrame({"gene": genes, "z": z, "p": p, "p_adjusted": adjust(p)})
    if scale == "log":
        level = np.expm1(means) + _UNSEEN
        frame["log2_fold_change"] = np.log2(level[:, 0] / level[:, 1])
    else:
        frame["difference"] = means[:, 0] - means[:, 1]
    frame["mean_first"], frame["mean_second"] = means.T
    if scale == "log":
        frame["fraction_first"], frame["fraction_second"] = fractions.T
    return frame.iloc[np.argsort(-np.abs(z), kind="stable")].reset_index(drop=True)
