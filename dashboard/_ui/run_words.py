"""A run in a few words: what it does, to what, how far it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.runs_label import what_it_does
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run
    from scdyn_core.runs.state import Status

_LOOK: dict[Status, tuple[str, str]] = {
    "queued": (":material/schedule:", "gray"),
    "running": (":material/autorenew:", "blue"),
    "done": (":material/check_circle:", "green"),
    "failed": (":material/error:", "red"),
    "cancelled": (":material/block:", "gray"),
    "interrupted": (":material/pause_circle:", "orange"),
}


def run_title(run: Run) -> str:
    """Return what a run does and to which data, as Markdown."""
    return f"{what_it_does(run)}, {plain(run.spec.dataset.name)}"


def status_badge(status: Status) -> None:
    """Draw the state of a run as a word with a colour and an icon."""
    icon, colour = _LOOK[status]
    st.badge(status, icon=icon, color=colour)


def status_icon(status: Status) -> str:
    """Return the icon of the state of a run."""
    return _LOOK[status][0]


def progress_bar(run: Run) -> None:
    """Draw how far a running run is."""
    progress = run.progress
    if progress is None:
        st.progress(0.0, text="Starting…")
        return
    share = min(max(progress.done / progress.total, 0.0), 1.0) if progress.total > 0 else 0.0
    words = plain(progress.message or progress.stage)
    if progress.eta_seconds is not None:
        words += f" \\({duration(progress.eta_seconds)} left\\)"
    st.progress(share, text=words)


def duration(seconds: float) -> str:
    """Return a time span for people: ``40 s``, ``12 min``, ``3.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def ago(moment: float) -> str:
    """Return how long ago a moment (seconds since the epoch) was."""
    past = max(time.time() - moment, 0.0)
    return "just now" if past < 45 else f"{duration(past)} ago"
