"""The tables of a finished run, read once and shared by all who look at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

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


def latents_of(latent: pd.DataFrame) -> list[str]:
    """Return the columns ``z1 … zd`` in order."""
    from scdyn_core.plots.catalogue import latent_columns

    return latent_columns(latent)


def latent_values(latent: pd.DataFrame, replicate: int) -> NDArray[np.float64]:
    """Return one replicate's latent coordinates, shape ``(cells, d)``."""
    rows = latent[latent["replicate"] == replicate]
    return rows[latents_of(latent)].to_numpy(dtype=np.float64)


def latent_name(number: int) -> str:
    """Return the name of a latent counted from 0, such as ``z₁``."""
    return "z" + str(number + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def columns_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return what each column means, as the run stored it."""
    stored = frame.attrs.get("columns", {})
    return {str(name): str(meaning) for name, meaning in stored.items()}


def colour_name(column: str) -> str:
    """Return the name of a column for people, where it is one of scdyn's own."""
    from scdyn_core.plots.catalogue import COLOURS

    return column.replace("_", " ").capitalize() if column in COLOURS else column


def colour_choices(cells: pd.DataFrame) -> list[str]:
    """Return the columns that can colour cells, the most telling first."""
    from scdyn_core.plots.catalogue import COLOURS

    placed = ("cell", "umap_1", "umap_2", "velocity_umap_1", "velocity_umap_2")
    others = [str(name) for name in cells.columns if name not in (*placed, *COLOURS)]
    return [*(name for name in COLOURS if name in cells), *others]
