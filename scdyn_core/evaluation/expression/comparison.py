"""Two sets of cells compared by either test, with what is known about the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.expression import deseq, wilcoxon
from scdyn_core.evaluation.expression.cell_pair import CellPair
from scdyn_core.evaluation.expression.pseudobulk import FEWEST_CELLS, Pseudobulks, pseudobulks
from scdyn_core.evaluation.expression.reader import ExpressionReader
from scdyn_core.reporter import Reporter, SilentReporter

Method = Literal["wilcoxon", "pseudobulk"]
Scale = Literal["log", "other"]
COLUMNS = {"wilcoxon": wilcoxon.COLUMNS, "pseudobulk": deseq.COLUMNS}
#: Adjusted p value below which a gene counts as different.
SIGNIFICANT = 0.05


class Samples(BaseModel):
    """What a comparison of pseudobulks rests on.

    Attributes
    ----------
    column
        The column that names samples.
    first, second
        Pseudobulks of each set.
    paired
        Whether sets are compared within samples.
    small, unpaired
        Pseudobulks left out for few cells, and for want of a counterpart.
    fewest_cells
        A pseudobulk has at least so many.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    first: int
    second: int
    paired: bool
    small: int
    unpaired: int
    fewest_cells: int

    @property
    def spare(self) -> int:
        """Residual degrees of freedom."""
        fitted = self.first + 1 if self.paired else 2
        return self.first + self.second - fitted


class Facts(BaseModel):
    """What is known about a comparison.

    Attributes
    ----------
    first, second
        Cells of each set, without those of both.
    shared
        Cells that were in both sets and are left out.
    genes, tested, changed
        Genes of the data, tested ones, and of these the ones with an adjusted p below 0.05.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Method
    scale: Scale
    first: int
    second: int
    shared: int
    genes: int
    tested: int
    changed: int
    samples: Samples | None = None


@dataclass(frozen=True)
class Comparison:
    """One row a gene, the surest first (see ``COLUMNS``), and what is known about it."""

    table: pd.DataFrame
    facts: Facts


def compare_by_cells(
    reader: ExpressionReader, pair: CellPair, scale: Scale, reporter: Reporter | None = None
) -> Comparison:
    """Compare two sets cell by cell, with the Wilcoxon test.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    table = wilcoxon.wilcoxon(reader, pair, scale=scale, reporter=reporter)
    return Comparison(table, _facts("wilcoxon", scale, pair, table, None))


def compare_by_samples(
    reader: ExpressionReader,
    pair: CellPair,
    samples: pd.Series,
    *,
    fewest_cells: int = FEWEST_CELLS,
    reporter: Reporter | None = None,
) -> Comparison:
    """Compare two sets sample by sample, with DESeq2 on pseudobulks.

    Parameters
    ----------
    samples
        Sample of every cell; its name is that of the column.

    Raises
    ------
    ConfigError
        When there are no counts or too few samples.
    Cancelled
        When the reporter says so.
    """
    reporter = reporter or SilentReporter()
    bulks = pseudobulks(reader, pair, samples, fewest_cells=fewest_cells, reporter=reporter)
    table = deseq.deseq(bulks, reporter)
    known = _samples(bulks, str(samples.name), fewest_cells)
    return Comparison(table, _facts("pseudobulk", "log", pair, table, known))


def sample_column(column: str | None) -> str:
    """Return the column that names samples.

    Raises
    ------
    ConfigError
        When there is none.
    """
    if column is None:
        raise ConfigError(
            "pseudobulk",
            found="no column that names samples",
            needed="the sample or donor of every cell",
            fix="Set the role sample, or name the column.",
        )
    return column


def _samples(bulks: Pseudobulks, column: str, fewest_cells: int) -> Samples:
    sides = bulks.table["side"]
    return Samples(
        column=column,
        first=int((sides == "first").sum()),
        second=int((sides == "second").sum()),
        paired=bulks.paired,
        small=bulks.small,
        unpaired=bulks.unpaired,
        fewest_cells=fewest_cells,
    )


def _facts(
    method: Method, scale: Scale, pair: CellPair, table: pd.DataFrame, samples: Samples | None
) -> Facts:
    return Facts(
        method=method,
        scale=scale,
        first=len(pair.first),
        second=len(pair.second),
        shared=pair.shared,
        genes=len(table),
        tested=int(table["p"].notna().sum()),
        changed=int((table["p_adjusted"] < SIGNIFICANT).sum()),
        samples=samples,
    )
