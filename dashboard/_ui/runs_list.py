"""The list of runs: what each does and how far it is, live while something runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import show_error
from dashboard._ui.run_words import ago, progress_bar, run_title, status_icon
from dashboard._ui.selection import select_run
from dashboard._ui.services import run_store
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

REFRESH_SECONDS = 2.0
SHOWN = 12


def is_active(run: Run) -> bool:
    """Return whether something is still to happen to a run."""
    return run.state.status in ("queued", "running")


def show_list(chosen: Run) -> None:
    """Draw the runs, newest first; clicking one opens it."""
    runs = run_store().runs()
    live = any(is_active(run) for run in runs)
    st.fragment(_rows, run_every=REFRESH_SECONDS if live else None)(chosen.id, live)
    for error in run_store().damaged():
        show_error(error)


def _rows(chosen: str, live: bool) -> None:
    runs = run_store().runs()
    if live and not any(is_active(run) for run in runs):
        st.rerun()  # nothing runs any more: the page is drawn once more and then rests
    most = len(runs) if st.session_state.get("runs/all") else SHOWN
    for position, run in enumerate(runs[:most]):
        _row(run, run.id == chosen, sum(is_active(other) for other in runs[position + 1 :]))
    if len(runs) > most:
        st.button(
            f"Show all {len(runs)}",
            key="runs/show_all",
            type="tertiary",
            on_click=st.session_state.__setitem__,
            args=("runs/all", True),
        )


def _row(run: Run, chosen: bool, ahead: int) -> None:
    state = run.state
    with st.container(border=True, gap=None, key=f"run-row-{run.id}"):
        if st.button(
            f"**{run_title(run)}**" if chosen else run_title(run),
            key=f"open/{run.id}",
            icon=status_icon(state.status),
            type="tertiary",
        ):
            select_run(run.id)
            st.rerun()
        note = f" · {plain(run.note)}" if run.note else ""
        shown = " · :blue[shown]" if chosen else ""
        st.caption(f"{state.status} · {ago(state.created)}{note}{shown}")
        if state.status == "running":
            progress_bar(run)
        elif state.status == "queued" and ahead:
            st.caption(f"{ahead} ahead in the queue")
