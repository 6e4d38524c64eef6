"""How much and how often genes are expressed in groups of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.expression.groups import Groups, some_of
from scdyn_core.evaluation.expression.reader import Cells, ExpressionReader

QUANTILES = {"low": 0.05, "lower": 0.25, "median": 0.5, "upper": 0.75, "high": 0.95}


def expression_summary(
    reader: ExpressionReader, genes: Sequence[str], groups: Groups
) -> pd.DataFrame:
    """Return mean and spread of genes in groups; only these genes are read.

    Returns
    -------
    pandas.DataFrame
        One row a gene and group, in the order given: gene, group, cells, mean, fraction (of the
        cells with a value above 0), scaled (means of a gene over groups, centred and divided by
        their standard deviation), and ``QUANTILES`` of all cells.
    """
    rows = []
    for gene in genes:
        values = reader.values(gene)
        for name, cells in groups.items():
            own = values[cells]
            rows.append(
                (
                    gene,
                    name,
                    len(own),
                    float(own.mean(dtype=np.float64)),
                    float(np.count_nonzero(own > 0) / len(own)),
                    *np.quantile(own, list(QUANTILES.values())).tolist(),
                )
            )
    columns = ["gene", "group", "cells", "mean", "fraction", *QUANTILES]
    frame = pd.DataFrame(rows, columns=columns)
    means = frame.groupby("gene", sort=False)["mean"]
    spread = means.transform("std", ddof=0)
    frame["scaled"] = (frame["mean"] - means.transform("mean")) / spread.where(spread > 0, 1.0)
    return frame


@dataclass(frozen=True)
class SampledCells:
    """Single values of some cells, ordered by group.

    Attributes
    ----------
    genes
        Names.
    groups, cells
        Group and position of every cell, shape (n,); a cell of several groups comes several times.
    values
        Shape (n, genes).
    """

    genes: tuple[str, ...]
    groups: NDArray[np.object_]
    cells: Cells
    values: NDArray[np.float32]

    def frame(self) -> pd.DataFrame:
        """Return group and position of every cell, then one column a gene."""
        about = pd.DataFrame({"group": self.groups, "cell": self.cells})
        values = pd.DataFrame(self.values, columns=list(self.genes))
        return pd.concat([about, values], axis=1)


def sampled_cells(
    reader: ExpressionReader, genes: Sequence[str], groups: Groups, most: int, seed: int = 0
) -> SampledCells:
    """Return at most ``most`` cells of every group, the same cells every time."""
    some = some_of(groups, most, seed)
    cells = np.concatenate([*some.values(), np.zeros(0, dtype=np.int64)])
    names = np.repeat(np.array(list(some), dtype=object), [len(own) for own in some.values()])
    values = np.zeros((len(cells), len(genes)), dtype=np.float32)
    for column, gene in enumerate(genes):
        values[:, column] = reader.values(gene)[cells]
    return SampledCells(tuple(genes), names, cells, values)
