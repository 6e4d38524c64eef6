"""Tables on a page: shown as text, and downloadable as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from scdyn_core.plots.text import with_lowered_numbers

if TYPE_CHECKING:
    import pandas as pd


def table(
    frame: pd.DataFrame,
    *,
    name: str,
    key: str,
    columns: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    height: int | str = "auto",
) -> None:
    """Show a table and the button that downloads it.

    Parameters
    ----------
    frame
        Rows to show; the index is not shown.
    name
        File name without its ending.
    columns
        Meaning of each column, shown as help on its header.
    formats
        How numbers of a column are shown, as for ``printf``; the CSV has all their digits.
    """
    meanings, shown = columns or {}, formats or {}
    config = {
        column: st.column_config.NumberColumn(
            heading(column), help=meanings.get(column), format=shown[column]
        )
        if column in shown
        else st.column_config.Column(heading(column), help=meanings.get(column))
        for column in map(str, frame.columns)
    }
    st.dataframe(frame, hide_index=True, key=key, column_config=config, height=height)
    csv_button(lambda: frame, name=name, key=f"{key}_csv")


def folded_table(
    frame: pd.DataFrame,
    label: str,
    *,
    name: str,
    key: str,
    columns: Mapping[str, str] | None = None,
    height: int | str = "auto",
) -> None:
    """Show a table only when the reader opens it; parameters as for ``table``."""
    folded = st.expander(label, icon=":material/table:", key=f"{key}_fold", on_change="rerun")
    if folded.open:
        with folded:
            table(frame, name=name, key=key, columns=columns, height=height)


def heading(column: str) -> str:
    """Return what a column of ours is called on a page; in the CSV it keeps its own name."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", column):
        return column
    words = re.sub(r"eigenvalue(\d)", r"eigenvalue \1", column.replace("_", " "))
    return with_lowered_numbers(words)


def csv_button(
    frame: Callable[[], pd.DataFrame], *, name: str, key: str, label: str = "CSV"
) -> None:
    """Draw a button that makes ``frame`` when pressed and downloads it as CSV."""

    def content() -> str:
        from scdyn_core.data.csv_safe import to_csv

        return to_csv(frame())

    st.download_button(
        label,
        data=content,
        file_name=f"{name}.csv",
        mime="text/csv",
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help="Download this table as comma-separated values",
    )
