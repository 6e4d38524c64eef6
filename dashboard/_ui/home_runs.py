"""Running and recent runs in short; drawn anew by itself only while something runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.navigation import go_to
from dashboard._ui.run_words import ago, progress_bar, run_title, status_badge
from dashboard._ui.services import run_store
from scdyn_core.runs.state import ENDED

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

_MOST_RUNS = 3


def show_runs() -> None:
    """Draw the newest runs, live while one of them is waiting or running."""
    active = any(run.state.status not in ENDED for run in run_store().runs())
    st.fragment(_list, run_every=2.0 if active else None)(active)


def _list(was_active: bool) -> None:
    runs = run_store().runs()
    if runs:
        st.subheader("Runs", anchor=False)
        for column, run in zip(st.columns(_MOST_RUNS), runs, strict=False):
            with column.container(border=True, gap="xxsmall", height="stretch"):
                _card(run)
    if was_active and all(run.state.status in ENDED for run in runs):
        st.rerun()


def _card(run: Run) -> None:
    state = run.state
    if st.button(run_title(run), key=f"home_run_{run.id}", type="tertiary"):
        go_to("runs", run=run.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        status_badge(state.status)
        st.caption(ago(state.ended or state.started or state.created))
    if state.status == "running":
        progress_bar(run)
