"""Groups of cells to look at genes in: the levels of a column, or sets of any kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scdyn_core.evaluation.expression.reader import Cells

#: Name -> positions, ascending; a cell may be in several groups or in none.
Groups = Mapping[str, Cells]


def groups_of(column: pd.Series) -> dict[str, Cells]:
    """Return the cells of every level of a column in the order of its levels; empty ones not.

    Parameters
    ----------
    column
        Groups or truth values of every cell; missing where not known.
    """
    named = column.astype("category")
    codes = named.cat.codes.to_numpy()
    order = np.argsort(codes, kind="stable").astype(np.int64)
    levels = named.cat.categories
    ends = np.searchsorted(codes[order], np.arange(len(levels) + 1))
    return {
        str(level): order[start:end]
        for level, start, end in zip(levels, ends[:-1], ends[1:], strict=True)
        if end > start
    }


def some_of(groups: Groups, most: int, seed: int = 0) -> dict[str, Cells]:
    """Return at most ``most`` cells of every group, ascending, the same ones every time."""
    return {
        name: cells
        if len(cells) <= most
        else np.sort(np.random.default_rng([seed, number]).choice(cells, most, replace=False))
        for number, (name, cells) in enumerate(groups.items())
    }
