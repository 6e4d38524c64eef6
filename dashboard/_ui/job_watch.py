"""A background run watched in place: its state, its progress, a way to cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.greyed import greyed
from dashboard._ui.run_words import progress_bar, status_badge
from dashboard._ui.services import run_store
from scdyn_core.runs.state import ENDED

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

REFRESH_SECONDS = 1.0
CANCELLING = "It is stopping: that takes a moment, because a checkpoint is kept."


def watch_job(run: Run, *, key: str, title: str | None = None) -> None:
    """Draw a run that has not ended, again every second; the page is drawn anew when it ends."""
    st.fragment(_watch, run_every=REFRESH_SECONDS)(run, key, title)


def _watch(run: Run, key: str, title: str | None) -> None:
    status = run.state.status
    if status in ENDED:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        if title:
            st.markdown(f"**{title}**")
        status_badge(status)
        st.button(
            "Cancel",
            key=key,
            icon=":material/stop:",
            on_click=run_store().cancel,
            args=(run,),
            **greyed(CANCELLING if run.cancel_requested else None, "Stops this work"),
        )
    if status == "running":
        progress_bar(run)
    else:
        st.caption("Waits for a free slot; the run that is working now goes first.")
