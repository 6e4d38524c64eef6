"""Columns that belong together because they are numbered: ``z1, z2, …``, ``umap_1, umap_2``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

_NUMBERED = re.compile(r"([a-z][a-z_]*?)_?(\d+)")


def numbered(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return stem -> columns in order, for stems whose numbers are 1 to at least 2."""
    groups: dict[str, dict[int, str]] = {}
    for column in map(str, frame.columns):
        match = _NUMBERED.fullmatch(column)
        if match and pd.api.types.is_numeric_dtype(frame[column].dtype):
            groups.setdefault(match[1], {})[int(match[2])] = column
    return {
        stem: [columns[number] for number in sorted(columns)]
        for stem, columns in groups.items()
        if len(columns) > 1 and sorted(columns) == list(range(1, len(columns) + 1))
    }


def told(columns: Sequence[str], meanings: Mapping[str, str], table: str) -> str:
    """Return what numbered columns of a table hold, from the meaning of the first."""
    return f"{columns[0]} to {columns[-1]}, the first: {meanings.get(columns[0], table)}"
