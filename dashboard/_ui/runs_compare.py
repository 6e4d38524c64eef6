"""Several runs side by side: what each has, beside its baselines and beside chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.compare_choice import choose_runs
from dashboard._ui.compare_clusters import show_clusters
from dashboard._ui.compare_embeddings import show_embeddings
from dashboard._ui.compare_equations import show_equations
from dashboard._ui.compare_losses import show_losses
from dashboard._ui.compare_networks import show_networks
from dashboard._ui.compare_scores import show_scores
from dashboard._ui.compare_settings import different_settings, show_settings
from dashboard._ui.compare_views import (
    CLUSTERS,
    EMBEDDINGS,
    EQUATIONS,
    LOSSES,
    NETWORKS,
    SETTINGS,
    Sides,
    choose,
    sides_by_view,
)
from dashboard._ui.errors import errors_shown
from dashboard._ui.runs_label import run_label
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

#: Settings told in the line of a run; the view Settings has all.
MOST_TOLD = 3
_SIDES: dict[str, Callable[[Sides], None]] = {
    EMBEDDINGS: lambda sides: show_embeddings(sides.embeddings),
    EQUATIONS: lambda sides: show_equations(sides.equations),
    CLUSTERS: lambda sides: show_clusters(sides.clusters),
    NETWORKS: lambda sides: show_networks(sides.networks),
}
_RUNS: dict[str, Callable[[dict[str, Run]], None]] = {
    SETTINGS: show_settings,
    LOSSES: show_losses,
}


def show_comparison(runs: Sequence[Run]) -> None:
    """Draw the choice of runs, what sets them apart, and one view of what they found."""
    from scdyn_core.runs.comparison.side import named

    picked = named(choose_runs({run.id: run for run in runs if run.spec.kind == "train"}))
    if not picked:
        st.caption("Choose two or more runs, or one with several replicates.")
        return
    _introduce(picked)
    sides = sides_by_view(picked)
    view = choose(picked, sides)
    with errors_shown():
        if view in _SIDES:
            _SIDES[view](sides)
        elif view in _RUNS:
            _RUNS[view](picked)
        elif view is not None:
            show_scores(picked)


def _introduce(picked: dict[str, Run]) -> None:
    """Say which number is which run, and the first settings that set it apart."""
    rows = different_settings(picked)
    rows = rows[~rows["of"].isin(["versions", "data"])].head(MOST_TOLD)
    lines = []
    for name, run in picked.items():
        told = [f"{row['setting']} {row[name]}" for row in rows.to_dict(orient="records")]
        words = [f"**{plain(name)}**: {plain(run_label(run))}", *map(plain, told)]
        lines.append(" · ".join(words))
    st.caption("  \n".join(lines))
