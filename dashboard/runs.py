"""Runs: what is waiting, working and done; live while something trains."""

import streamlit as st

from dashboard._ui.empty import empty_state
from dashboard._ui.runs_actions import show_undo
from dashboard._ui.runs_compare import show_comparison
from dashboard._ui.runs_detail import show_detail
from dashboard._ui.runs_import import show_import
from dashboard._ui.runs_list import show_list
from dashboard._ui.selection import current_run, select_run
from dashboard._ui.services import run_store

ONE, SEVERAL = "One run", "Compare"

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Runs", width="stretch")
    view = st.segmented_control(
        "View",
        [ONE, SEVERAL],
        default=ONE,
        required=True,
        key="runs_view",
        bind="query-params",
        label_visibility="collapsed",
    )
    show_import()
show_undo()
runs = {run.id: run for run in run_store().runs()}
if not runs:
    empty_state(
        "No runs yet",
        "A run is one training or one preparation of data; it goes on when you close the browser.",
        action="Train a model",
        page="train",
        icon="list_alt",
    )
    st.stop()

if view == SEVERAL:
    show_comparison(list(runs.values()))
else:
    chosen = runs.get(current_run() or "") or next(iter(runs.values()))
    select_run(chosen.id)
    queue, detail = st.columns([3, 8], gap="medium")
    with queue:
        show_list(chosen)
    with detail:
        show_detail(chosen)
