"""What the columns of ``obs`` hold, in a form that JSON keeps and a page can show."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

#: Levels listed in a record; a column with more is still counted in full.
MOST_LEVELS = 200


class Column(BaseModel):
    """One column of ``obs``: its kind, and its levels or range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["number", "bool", "category", "text"]
    n_levels: int
    missing: int = 0
    levels: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


def describe(frame: pd.DataFrame, most_levels: int = MOST_LEVELS) -> tuple[Column, ...]:
    """Describe every column of a frame; levels come in their order, with their cells."""
    return tuple(_describe(str(name), frame[name], most_levels) for name in frame.columns)


def _describe(name: str, column: pd.Series, most_levels: int) -> Column:
    missing = int(column.isna().sum())
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == bool:
        counts = column.value_counts(sort=False).sort_index()
        return Column(
            name=name,
            kind="bool" if column.dtype == bool else "category",
            n_levels=len(counts),
            missing=missing,
            levels=tuple(str(level) for level in counts.index[:most_levels]),
            cells=tuple(int(n) for n in counts.iloc[:most_levels]),
        )
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return Column(name=name, kind="text", n_levels=int(column.nunique()), missing=missing)
    finite = column.to_numpy(dtype=float)
    finite = finite[np.isfinite(finite)]
    return Column(
        name=name,
        kind="number",
        n_levels=int(column.nunique()),
        missing=missing,
        minimum=float(finite.min()) if finite.size else None,
        maximum=float(finite.max()) if finite.size else None,
    )
