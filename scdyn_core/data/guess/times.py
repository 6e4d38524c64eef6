"""Which columns are sampling times, and which an ordering of the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.data.guess.columns import joined
from scdyn_core.data.readers.table_layout import tokens
from scdyn_core.data.roles import RoleGuess, RoleName
from scdyn_core.data.text import shown
from scdyn_core.data.times import TIME_WORDS

if TYPE_CHECKING:
    from anndata import AnnData

_MOST_SAMPLING_TIMES = 100


def guess_times(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    """Guess by name: few distinct values are sampling times, many an ordering."""
    guesses: dict[RoleName, RoleGuess] = {}
    for name in map(str, adata.obs.columns):
        column = adata.obs[name]
        if not pd.api.types.is_numeric_dtype(column) or column.dtype == bool:
            continue
        words = set(tokens(name))
        distinct = column.nunique()
        few = distinct <= min(_MOST_SAMPLING_TIMES, max(5, adata.n_obs // 2))
        ordering = "pseudotime" in joined(name) or {"latent", "time"} <= words or "dpt" in words
        # What a simulation knows to be true is for scoring, not for learning.
        if distinct < 2 or words & {"true", "truth"}:
            continue
        role: RoleName
        if ordering or (TIME_WORDS & words and "time" in words and not few):
            role, what = "pseudotime", f"{distinct} distinct values"
        elif TIME_WORDS & words and few:
            role, what = "time", f"{distinct} times from {column.min():g} to {column.max():g}"
        else:
            continue
        guesses.setdefault(
            role, RoleGuess(role=role, value=name, reason=f"named {shown(name)}, {what}")
        )
    return list(guesses.values())
