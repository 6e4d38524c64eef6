"""How much of a set of genes every cell expresses, beside other genes of the same level.

``score_i = mean_{g in S} x_ig - mean_{c in C} x_ic`` (Tirosh et al. 2016,
doi:10.1126/science.aad0501), ``x`` on a log scale. Genes are put into bins of equal size by mean
expression; the controls ``C`` are drawn from the bins that hold genes of the set ``S``: a cell that
is sequenced deeper does not have a larger score for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.text import shown
from scdyn_core.errors import InputError
from scdyn_core.reporter import Reporter, raise_if_cancelled

Values = NDArray[np.floating]
#: Bins of genes, and controls drawn from a bin that holds genes of the set.
BINS, PER_BIN = 25, 50
STAGE = "gene set"


class ExpressionReader(Protocol):
    """Log expression, read gene by gene."""

    @property
    def n_cells(self) -> int:
        """Number of cells."""

    def nonzero(self, gene: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the cells in which a gene may differ from 0, ascending, and its values."""


def mean_expression(
    reader: ExpressionReader, genes: Sequence[str], reporter: Reporter
) -> pd.Series:
    """Return the mean of every gene over all cells, indexed by gene; to be kept by who asks.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    means = np.empty(len(genes))
    for number, gene in enumerate(genes):
        _step(reporter, number, len(genes), "mean expression")
        means[number] = reader.nonzero(gene)[1].sum(dtype=np.float64) / max(reader.n_cells, 1)
    reporter.progress(STAGE, len(genes), len(genes), "mean expression")
    return pd.Series(means, index=pd.Index(list(genes)))


def genes_of_set(gene_set: Iterable[str], genes: Sequence[str]) -> list[str]:
    """Return the genes of the data that are in a set, whatever the case of their names.

    Raises
    ------
    InputError
        When none is.
    """
    wanted = {gene.upper() for gene in gene_set}
    found = [gene for gene in genes if gene.upper() in wanted]
    if not found:
        some = ", ".join(shown(gene) for gene in sorted(wanted)[:3])
        raise InputError(
            "gene set",
            found=f"no gene of these data among its {len(wanted)} genes ({some} …)",
            needed="symbols as the data have them",
            fix="Check that both name genes alike (symbols, not Ensembl identifiers).",
        )
    return found


def control_genes(
    means: pd.Series, chosen: Sequence[str], *, seed: int, bins: int = BINS, per_bin: int = PER_BIN
) -> list[str]:
    """Return genes of the same levels as those of a set, none of them in it.

    Parameters
    ----------
    means
        Mean of every gene that may be drawn, indexed by gene; the set's own among them.
    chosen
        Genes of the set.

    Raises
    ------
    InputError
        When no gene is left to compare with.
    """
    size = max(1, round(len(means) / max(bins - 1, 1)))
    level = means.rank(method="min") // size
    held = pd.Index(list(chosen))
    rng = np.random.default_rng(seed)
    found: list[str] = []
    for own in np.unique(level.loc[held]):
        pool = level.index[(level == own) & ~level.index.isin(held)].to_numpy(dtype=object)
        drawn = rng.choice(len(pool), min(per_bin, len(pool)), replace=False)
        found += [str(gene) for gene in pool[np.sort(drawn)]]
    if not found:
        raise InputError(
            "gene set",
            found=f"{len(chosen)} of {len(means)} genes, and none of the same level beside them",
            needed="genes outside the set to compare with",
            fix="Use a smaller set, or data with more genes.",
        )
    return found


def gene_set_score(
    reader: ExpressionReader, chosen: Sequence[str], controls: Sequence[str], reporter: Reporter
) -> NDArray[np.float64]:
    """Return the score of every cell, log units, shape ``(n,)``; reads these genes alone.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    total = np.zeros(reader.n_cells)
    weights = [1.0 / len(chosen)] * len(chosen) + [-1.0 / len(controls)] * len(controls)
    for number, (gene, weight) in enumerate(zip([*chosen, *controls], weights, strict=True)):
        _step(reporter, number, len(weights), "scores of the cells")
        cells, values = reader.nonzero(gene)
        total[cells] += weight * values
    reporter.progress(STAGE, len(weights), len(weights), "scores of the cells")
    return total


def _step(reporter: Reporter, done: int, total: int, words: str) -> None:
    raise_if_cancelled(reporter)
    reporter.progress(STAGE, done, total, words)
