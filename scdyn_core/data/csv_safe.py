"""CSV export that a spreadsheet cannot be tricked with.

Spreadsheets run a cell that starts with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return
as a formula; names in the tables come from uploaded files. Such cells get an apostrophe in
front, which spreadsheets do not show (OWASP, "CSV Injection").
"""

from __future__ import annotations

from typing import Any

import pandas as pd

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
    """Return ``value``, with an apostrophe in front if it is text that reads as a formula.

    Numbers, and text that is a number such as ``-1.5``, stay as they are.
    """
    if not isinstance(value, str) or not value.lstrip(" \n").startswith(_DANGEROUS):
        return value
    return value if _is_number(value) else f"'{value}"


def to_csv(frame: pd.DataFrame, *, index: bool = False) -> str:
    """Return a table as CSV text with every name and text value made safe."""
    safe = frame.copy()
    for i, dtype in enumerate(safe.dtypes):
        if not (
            pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)
        ):
            safe.isetitem(i, safe.iloc[:, i].astype(object).map(safe_cell).to_numpy())
    safe.columns = pd.Index([safe_cell(name) for name in safe.columns], name=frame.columns.name)
    if index:
        safe.index = pd.Index([safe_cell(name) for name in safe.index], name=frame.index.name)
    return safe.to_csv(index=index)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "\t" not in text and "\r" not in text
