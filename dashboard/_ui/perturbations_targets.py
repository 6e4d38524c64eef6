"""The matrix: which latents each perturbation shifts; beside it the cell that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, table
from dashboard._ui.perturbations_choice import (
    choose_latent,
    choose_perturbation,
    forget_latent,
    open_cell,
    open_perturbation,
)
from dashboard._ui.perturbations_gene_sets import show_gene_sets
from dashboard._ui.perturbations_latent import show_latent
from dashboard._ui.perturbations_shift import show_shift, strongest_latent
from dashboard._ui.perturbations_tables import needed, on_sets
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

_CHART = "perturbations/matrix"
ROWS = ("All", "With a latent on")
#: Rows of the matrix that a reader can still tell apart.
MOST_ROWS, FEW_ROWS = 120, 40


def show_targets(run: Run) -> None:
    """Draw the matrix and what its chosen cell means."""
    matrix, beside = st.columns([3, 2], gap="medium")
    with beside:
        left, right = st.columns(2)
        with left:
            perturbation = choose_perturbation(run)
        with right:
            latent = choose_latent(run, strongest_latent(run, perturbation))
    with matrix:
        rows = _matrix(run, perturbation)
    with beside:
        _cell(run, perturbation, latent)
        show_latent(run, latent)
    # Below a long matrix nobody would find it.
    with matrix if rows <= FEW_ROWS else beside:
        show_shift(run, perturbation)
    show_gene_sets(run, latent)
    _contexts(run)


def _contexts(run: Run) -> None:
    """Show what perturbations do in some groups of cells only, where that was asked for."""
    found = table_of(run, "context_targets")
    if found is None:
        return
    on = found[found["on"]]
    st.markdown("**In some groups of cells only**")
    if on.empty:
        st.caption("No perturbation shifts a latent in one group of cells beyond what it does in "
                   "the others.")  # fmt: skip
        return
    table(on, name="targets_in_contexts", key="perturbations/contexts",
          columns=columns_of(found), formats={"effect": "%.2f", "stability": "%.2f"})  # fmt: skip


def _matrix(run: Run, perturbation: str) -> int:
    """Draw the matrix and return how many rows it has."""
    from scdyn_core.plots.target_matrix import target_matrix_figure

    told, matrix = needed(run, "perturbations"), needed(run, "target_matrix")
    rows = st.segmented_control("Rows", ROWS, default=ROWS[0], required=True,
                                key="perturbations/rows", label_visibility="collapsed")  # fmt: skip
    shown = _shown(run, told, rows, perturbation)
    chart(
        target_matrix_figure(
            matrix,
            needed(run, "targets"),
            told,
            latents=needed(run, "latents"),
            true_targets=table_of(run, "true_targets"),
            shown=shown,
            palette=palette(),
        ),
        name="targets",
        key=_CHART,
        data=matrix,
        on_select=lambda: _look_at_clicked(run),
        selection_mode="points",
    )
    if len(shown) < len(told):
        st.caption(f"{count(len(shown), 'row')} of {len(told):,}, those with the largest shifts.")
    st.caption(
        "Click a cell to see what it means. Shifts are in standard deviations of the latent among "
        "cells of one perturbation, mean over the replicates. Similar rows stand together; latents "
        "are numbered by how many perturbations they serve."
    )
    csv_button(lambda: needed(run, "targets"), name="targets_of_replicates",
               key="perturbations/targets_csv", label="Every replicate")  # fmt: skip
    return len(shown)


def _shown(run: Run, told: pd.DataFrame, rows: str, perturbation: str) -> list[str]:
    """Return the rows to draw: at most so many, the controls and the chosen one among them."""
    sets = on_sets(run)
    told = told[told["perturbation"].isin(needed(run, "target_matrix")["perturbation"])]
    first = told["kind"].isin(["control", "null control"]) | (told["perturbation"] == perturbation)
    always = list(told.loc[first, "perturbation"])
    ranked = told.sort_values("shift_norm", ascending=False, kind="stable")["perturbation"]
    wanted = [
        str(name) for name in ranked if name not in always and (rows == ROWS[0] or sets[str(name)])
    ]
    return [*map(str, always), *wanted[: MOST_ROWS - len(always)]]


def _cell(run: Run, perturbation: str, latent: int) -> None:
    """Say what is known of one cell of the matrix."""
    matrix = needed(run, "target_matrix")
    own = matrix[(matrix["perturbation"] == perturbation) & (matrix["latent"] == latent)]
    if own.empty:
        st.caption(f"The model gives no shift of {plain(perturbation)}.")
        return
    cell = own.iloc[0]
    spread = f" ± {cell['effect_sd']:.2f}" if cell["effect_sd"] == cell["effect_sd"] else ""
    word = "shifts" if cell["on"] else "does not shift"
    st.markdown(
        f"**{plain(perturbation)}** {word} **latent {latent}**: {cell['effect']:+.2f}{spread} sd, "
        f"on in {cell['stability']:.0%} of the replicates (probability "
        f"{cell['probability']:.2f})."
    )
    with st.container(horizontal=True, gap="small"):
        st.button("Open this perturbation", key="perturbations/open", type="tertiary",
                  icon=":material/arrow_forward:", on_click=open_perturbation,
                  args=(perturbation,))  # fmt: skip
        strongest = strongest_latent(run, perturbation)
        if strongest is not None and strongest != latent:
            st.button(f"Its strongest latent: {strongest}", key="perturbations/strongest",
                      type="tertiary", on_click=forget_latent, args=(run,))  # fmt: skip


def _look_at_clicked(run: Run) -> None:
    points = st.session_state[_CHART]["selection"]["points"]
    cells = [point["customdata"] for point in points if point.get("customdata")]
    told, latents = needed(run, "perturbations"), set(needed(run, "latents")["latent"])
    for row, latent, *_ in cells:
        known = 0 <= int(row) < len(told) and int(latent) in latents
        if known and told["kind"].iloc[int(row)] != "control":
            open_cell(run.id, str(told["perturbation"].iloc[int(row)]), int(latent))
            return
