"""The second pass over a table: its values, of known shape and number."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from scdyn_core.data.readers.table_layout import MISSING, n_leading
from scdyn_core.data.readers.table_shape import TableShape
from scdyn_core.data.text import clean_text, shown
from scdyn_core.errors import InputError


def read_values(plain: Path, path: Path, shape: TableShape) -> pd.DataFrame:
    """Return the table with positions as column names, genes as single precision.

    Raises
    ------
    InputError
        With line and column of the first gene value that is no number.
    """
    if any("\n" in name for name in shape.header):
        raise InputError(
            clean_text(path.name),
            found="a column name that runs over several lines",
            needed="a header on one line",
            fix="Rename the column.",
        )
    genes = range(n_leading(shape.header, shape.first_rows), len(shape.header))
    try:
        return _read_csv(plain, shape, dict.fromkeys(genes, np.float32))
    except ValueError:
        # Only now, for the message: everything as text, to find the value that is no number.
        as_text = _read_csv(plain, shape, dict.fromkeys(genes, str))
        raise _not_a_number(as_text, genes.start, shape, path) from None


def _read_csv(plain: Path, shape: TableShape, kinds: Mapping[int, type]) -> pd.DataFrame:
    # Positions stand in for the names: those may repeat, and pandas would rename them.
    return pd.read_csv(
        plain,
        dtype=kinds,
        sep=shape.separator,
        header=None,
        names=list(range(len(shape.header))),
        skiprows=1,
        index_col=False,
        keep_default_na=False,
        na_values=sorted(MISSING),
        encoding="utf-8-sig",
        low_memory=False,
    )


def _not_a_number(frame: pd.DataFrame, leading: int, shape: TableShape, path: Path) -> InputError:
    for column in range(leading, frame.shape[1]):
        numbers = pd.to_numeric(frame[column], errors="coerce")
        bad = np.flatnonzero(numbers.isna() & frame[column].notna())
        if len(bad):
            name = shown(shape.header[column])
            return InputError(
                f"{clean_text(path.name)}, line {bad[0] + 2}, column {column + 1} ({name})",
                found=f"{shown(frame[column].iloc[bad[0]])}",
                needed="a number, as in every gene column",
                fix="Correct the value; columns about the cells must come before the genes.",
            )
    return InputError(
        clean_text(path.name),
        found="values that cannot be read as numbers",
        needed="numbers in every gene column",
        fix="Export the table again.",
    )
