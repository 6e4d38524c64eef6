"""The tables of a finished run, read once and shared by all who look at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run


def table_of(run: Run, name: str) -> pd.DataFrame | None:
    """Return a result table (never change it), or ``None`` when the run has none so called."""
    if name not in run.tables:
        return None
    return _read(run.path, name, run.table_file(name).stat().st_mtime_ns)


@st.cache_resource(max_entries=40, show_spinner=False)
def _read(path: Path, name: str, changed: int) -> pd.DataFrame:
    from scdyn_core.runs.run import Run

    return Run.open(path).table(name)


def columns_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return what each column means, as the run stored it."""
    stored = frame.attrs.get("columns", {})
    return {str(name): str(meaning) for name, meaning in stored.items()}
