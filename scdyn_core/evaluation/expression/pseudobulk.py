"""Counts of two sets of cells summed in every sample: samples are what repeats an experiment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.expression.cell_pair import FIRST, SECOND, CellPair
from scdyn_core.evaluation.expression.reader import ExpressionReader
from scdyn_core.evaluation.expression.ticking import ticking
from scdyn_core.reporter import Reporter, SilentReporter

#: Sums over fewer cells say little; samples on each side without which nothing repeats.
FEWEST_CELLS, FEWEST_SAMPLES = 10, 2
SIDES = {FIRST: "first", SECOND: "second"}


@dataclass(frozen=True)
class Pseudobulks:
    """Sums of counts.

    Attributes
    ----------
    counts
        Pseudobulks × genes, whole numbers.
    table
        One row a pseudobulk: sample, side (``first`` or ``second``), cells.
    paired
        Whether the sides are compared within samples, all of which have both.
    small, unpaired
        Pseudobulks left out because they have few cells, and because their sample has one side
        only while the others are compared within samples.
    fractions
        Share of the cells of each side that express a gene, genes × 2.
    """

    counts: pd.DataFrame
    table: pd.DataFrame
    paired: bool
    small: int
    unpaired: int
    fractions: pd.DataFrame


def pseudobulks(
    reader: ExpressionReader,
    pair: CellPair,
    samples: pd.Series,
    *,
    fewest_cells: int = FEWEST_CELLS,
    reporter: Reporter | None = None,
) -> Pseudobulks:
    """Sum the raw counts of each set in each sample.

    Parameters
    ----------
    reader
        Gives counts gene by gene.
    pair
        The sets.
    samples
        Sample of every cell, shape (cells,); missing where not known.
    fewest_cells
        Pseudobulks of fewer are left out.
    reporter
        Hears how far it is, and may stop it.

    Raises
    ------
    ConfigError
        When there are no counts, or fewer than two samples on a side.
    Cancelled
        When the reporter says so.
    """
    group, whole = _groups(pair, samples, reader.n_cells)
    table, small = _large(whole, fewest_cells)
    # Only these are summed: a column may have thousands of samples of few cells.
    place = np.full(len(whole) + 1, -1)
    place[table.index] = np.arange(len(table))
    group, table = place[group], table.reset_index(drop=True)
    counts, fractions = _summed(reader, group, len(table), pair, reporter or SilentReporter())
    table, paired, unpaired = _paired(table[counts.sum(axis=1) > 0])
    _check(table, fewest_cells)
    names = [f"p{number}" for number in range(len(table))]
    return Pseudobulks(
        pd.DataFrame(counts[table.index], index=names, columns=list(reader.genes)),
        table.set_axis(names),
        paired,
        small,
        unpaired,
        pd.DataFrame(fractions, index=list(reader.genes), columns=list(SIDES.values())),
    )


def samples_of(pair: CellPair, samples: pd.Series) -> tuple[int, int]:
    """Return how many samples have enough cells in the first and in the second set."""
    _, whole = _groups(pair, samples, len(samples))
    enough = whole[whole["cells"] >= FEWEST_CELLS]["side"]
    return int((enough == SIDES[FIRST]).sum()), int((enough == SIDES[SECOND]).sum())


def _groups(
    pair: CellPair, samples: pd.Series, n_cells: int
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Return the pseudobulk of every cell, -1 for none, and sample, side and cells of each."""
    named = samples.astype("category")
    codes = named.cat.codes.to_numpy(dtype=np.int64)
    side = pair.sides(n_cells).astype(np.int64)
    group = np.where((codes >= 0) & (side > 0), 2 * codes + side - 1, -1)
    levels = [str(level) for level in named.cat.categories]
    whole = pd.DataFrame(
        {
            "sample": np.repeat(np.array(levels, dtype=object), 2),
            "side": [SIDES[FIRST], SIDES[SECOND]] * len(levels),
            "cells": np.bincount(group[group >= 0], minlength=2 * len(levels)),
        }
    )
    return group, whole


def _large(whole: pd.DataFrame, fewest_cells: int) -> tuple[pd.DataFrame, int]:
    """Return pseudobulks of enough cells, and how many have some but too few.

    Before any gene is read, so that what cannot be compared is refused at once.
    """
    enough = whole["cells"] >= fewest_cells
    _check(whole[enough], fewest_cells)
    return whole[enough], int(((whole["cells"] > 0) & ~enough).sum())


def _paired(table: pd.DataFrame) -> tuple[pd.DataFrame, bool, int]:
    """Return the pseudobulks to compare, whether within samples, and how many that leaves out.

    Within samples what samples differ in cancels; worth it where at least half of the pseudobulks
    have their counterpart.
    """
    both = table["sample"].map(table["sample"].value_counts()) == 2
    paired = int(both.sum()) >= max(2 * FEWEST_SAMPLES, len(table) / 2)
    return (table[both], True, int((~both).sum())) if paired else (table, False, 0)


def _check(table: pd.DataFrame, fewest_cells: int) -> None:
    on = {side: int((table["side"] == side).sum()) for side in SIDES.values()}
    if min(on.values()) < FEWEST_SAMPLES:
        raise ConfigError(
            "pseudobulk",
            found=f"{on['first']} samples with at least {fewest_cells} cells in the first set and "
            f"{on['second']} in the second",
            needed=f"at least {FEWEST_SAMPLES} on each side: without repeats nobody can tell a "
            "difference between sets from one between samples",
            fix="Choose another column of samples or larger sets, or take the Wilcoxon test and "
            "read its p values as exploratory.",
        )


def _summed(
    reader: ExpressionReader,
    group: NDArray[np.int64],
    n_groups: int,
    pair: CellPair,
    reporter: Reporter,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return sums, groups × genes, and fractions of expressing cells, genes × sides."""
    genes = list(reader.genes)
    sums = np.zeros((n_groups, len(genes)))
    expressing = np.zeros((len(genes), 2))
    side = pair.sides(reader.n_cells)
    for column, gene in ticking(genes, "summing counts", reporter):
        cells, counts = reader.counts(gene)
        own, seen = group[cells], side[cells[counts > 0]]
        kept = own >= 0
        sums[:, column] = np.bincount(own[kept], weights=counts[kept], minlength=n_groups)
        expressing[column] = np.bincount(seen, minlength=3)[1:]
    sizes = np.array([len(pair.first), len(pair.second)])
    # Corrected counts are not whole; sums of them are rounded, as is usual for this test.
    return np.rint(sums).astype(np.int64), expressing / sizes
