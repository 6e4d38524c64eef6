"""The tables of a run on a screen as the page needs them: joined, ordered, and read by row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.run_tables import columns_of, table_of

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

#: Runs with this table have latents that perturbations shift.
OF_LATENTS = "target_matrix"
#: What a table of perturbations shows, in this order.
FACTS = ("kind", "held_out", "cells", "knock_down", "e_distance", "visible", "changed_genes",
         "latents_on", "shift_norm", "guides", "guide_agreement")  # fmt: skip


def needed(run: Run, name: str) -> pd.DataFrame:
    """Return a table that every run on a screen has (never change it)."""
    frame = table_of(run, name)
    assert frame is not None, f"a run on a screen has the table {name}"
    return frame


def has_latents(run: Run) -> bool:
    """Return whether the run tells which latents a perturbation shifts."""
    return OF_LATENTS in run.tables


def has_map(run: Run) -> bool:
    """Return whether the cells have places on a map."""
    cells = table_of(run, "cells")
    return cells is not None and "umap_1" in cells


def strength(told: pd.DataFrame) -> pd.Series:
    """Return how strong each perturbation is: its shift of the latents, else its distance."""
    column = "shift_norm" if "shift_norm" in told else "e_distance"
    return told[column].fillna(0.0)


def rows_of(run: Run, name: str, column: str, value: str) -> pd.DataFrame:
    """Return the rows of a table that may be large, without reading the others."""
    changed = run.table_file(name).stat().st_mtime_ns
    return _read(run.path, name, column, value, changed)


@st.cache_resource(max_entries=60, show_spinner=False)
def _read(path: Path, name: str, column: str, value: str, changed: int) -> pd.DataFrame:
    from scdyn_core.runs.run import Run

    return Run.open(path).table_rows(name, column, value)


def fact_of(run: Run, perturbation: str) -> pd.Series:
    """Return the row of the table of perturbations."""
    told = needed(run, "perturbations")
    return told[told["perturbation"] == perturbation].iloc[0]


def on_sets(run: Run) -> dict[str, frozenset[int]]:
    """Return the latents that each perturbation shifts, by the majority of the replicates.

    Only of a run that has latents.
    """
    matrix = needed(run, "target_matrix")
    told = needed(run, "perturbations")["perturbation"].astype(str)
    on = matrix[matrix["on"]].groupby("perturbation", observed=True)["latent"]
    sets = {str(name): frozenset(int(number) for number in numbers) for name, numbers in on}
    return {name: sets.get(name, frozenset()) for name in told}


def shown_order(run: Run) -> list[str]:
    """Return the perturbations as the matrix of targets orders them, else by strength."""
    if not has_latents(run):
        told = needed(run, "perturbations")
        order = strength(told).sort_values(ascending=False, kind="stable").index
        return [str(name) for name in told.loc[order, "perturbation"]]
    targets = needed(run, "targets")
    first = targets[targets["replicate"] == targets["replicate"].min()]
    rows = first.drop_duplicates("perturbation").sort_values("order", kind="stable")
    return [str(name) for name in rows["perturbation"]]


def latents_on_words(numbers: frozenset[int]) -> str:
    """Return which latents are on, in words."""
    return ", ".join(str(number) for number in sorted(numbers)) or "none"


def perturbation_rows(run: Run) -> pd.DataFrame:
    """Return one row a perturbation, with its latents if any, the strongest first."""
    told = needed(run, "perturbations")
    rows = told[["perturbation", *[name for name in FACTS if name in told]]].copy()
    if has_latents(run):
        sets = on_sets(run)
        latents = [latents_on_words(sets[str(name)]) for name in told["perturbation"]]
        rows.insert(2, "latents", latents)
    rows = rows.loc[strength(told).sort_values(ascending=False, kind="stable").index]
    return rows.reset_index(drop=True).dropna(axis="columns", how="all")


def meanings(run: Run) -> dict[str, str]:
    """Return what the columns of the table of perturbations mean."""
    own = {"latents": "latents that the perturbation shifts in most replicates"}
    return columns_of(needed(run, "perturbations")) | own


def perturbed(run: Run) -> pd.DataFrame:
    """Return the perturbations that somebody made: neither control nor null control."""
    told = needed(run, "perturbations")
    return told[~told["kind"].isin(["control", "null control"])]
