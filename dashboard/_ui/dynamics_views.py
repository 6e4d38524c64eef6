"""The views of the Dynamics page: few at once, the kindred ones behind one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

#: Name in the row -> the views behind it, and the table each needs.
VIEWS: dict[str, dict[str, str | None]] = {
    "Equations": {"Equations": "equations"},
    "Vector field": {"Vector field": "latent"},
    "Trajectories": {"Trajectories": "latent"},
    "What if": {"What if": "latent"},
    "Cell maps": {"Latent map": "latent", "UMAP": "cells"},
    "Gene programs": {"Gene programs": "programs"},
    "Network": {"Network": "equations"},
    "Quality": {"Scores": None, "Cell types": "classifier", "Training": None},
}


def choose_view(run: Run) -> str:
    """Draw the choice of what is shown; the view is in the URL, as ``show``."""
    there = {
        group: [name for name, table in views.items() if table is None or table in run.tables]
        for group, views in VIEWS.items()
    }
    there = {group: views for group, views in there.items() if views}
    if "show" not in st.session_state:
        _take_from_url(there)
    group = _one_of("Show", list(there), "show")
    views = there[group]
    view = _one_of(group, views, f"show/{group}") if len(views) > 1 else views[0]
    if st.query_params.get("show") != view:
        st.query_params["show"] = view
    return view


def _take_from_url(there: dict[str, list[str]]) -> None:
    asked = st.query_params.get("show", "")
    for group, views in there.items():
        if asked == group or asked in views:
            st.session_state["show"] = group
        if asked in views and len(views) > 1:
            st.session_state[f"show/{group}"] = asked


def _one_of(label: str, names: list[str], key: str) -> str:
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]  # at first, or another run has not got this view
    return st.segmented_control(label, names, required=True, key=key, label_visibility="collapsed")
