"""Columns that split the cells into groups, found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scdyn_core.data.guess.names import COLUMN_NAMES
from scdyn_core.data.readers.table_layout import tokens
from scdyn_core.data.roles import RoleGuess, RoleName
from scdyn_core.data.text import shown

if TYPE_CHECKING:
    from anndata import AnnData


def joined(name: object) -> str:
    """Return the words of a name, joined without separators."""
    return "".join(tokens(str(name)))


def grouping(adata: AnnData, role: RoleName, taken: set[str], most: int) -> list[str]:
    """Return the columns named for a role that split the cells into 2 to ``most`` groups."""
    ranks = {name: rank for rank, name in enumerate(COLUMN_NAMES[role])}
    found = []
    for name in adata.obs.columns:
        column = adata.obs[name]
        grouped = isinstance(column.dtype, pd.CategoricalDtype)
        if (
            grouped
            and name not in taken
            and joined(name) in ranks
            and 2 <= column.nunique() <= most
        ):
            found.append(str(name))
    return sorted(found, key=lambda name: ranks[joined(name)])


def guess_cell_type(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    """Guess the column of cell types."""
    most = min(200, max(5, adata.n_obs // 2))
    found = grouping(adata, "cell_type", taken, most)
    return [
        RoleGuess(role="cell_type", value=n, reason=groups_in_words(adata, n)) for n in found[:1]
    ]


def guess_sample(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    """Guess the column of samples: donors, animals, replicates."""
    found = grouping(adata, "sample", taken, max(2, adata.n_obs // 5))
    return [RoleGuess(role="sample", value=n, reason=groups_in_words(adata, n)) for n in found[:1]]


def guess_batch(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    """Guess the column of technical batches."""
    found = grouping(adata, "batch", taken, max(2, adata.n_obs // 5))
    return [RoleGuess(role="batch", value=n, reason=groups_in_words(adata, n)) for n in found[:1]]


def groups_in_words(adata: AnnData, name: str) -> str:
    """Return name and number of groups, as a reason."""
    return f"named {shown(name)}, {adata.obs[name].nunique()} groups"


def same_groups(adata: AnnData, one: str, other: str) -> bool:
    """Whether two columns split the cells alike under different names."""
    first, second = (pd.factorize(adata.obs[name])[0] for name in (one, other))
    return bool(np.array_equal(first, second))
