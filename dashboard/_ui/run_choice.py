"""Which finished run a page of results shows: only runs that hold what the page is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.empty import empty_state
from dashboard._ui.runs_label import run_label
from dashboard._ui.selection import current_run, select_run
from dashboard._ui.services import run_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scdyn_core.runs.run import Run


@dataclass(frozen=True)
class Subject:
    """What a page of results is about.

    Attributes
    ----------
    table
        The table that a run must hold.
    missing
        What appears on the page once a model is trained (Markdown).
    icon
        Name of a Material symbol.
    own_state
        Names in the URL that mean something in one run only.
    """

    table: str
    missing: str
    icon: str
    own_state: Sequence[str] = ()


def finished_runs(subject: Subject) -> dict[str, Run]:
    """Return the runs with such results, by id; the page ends here when there is none."""
    trained = [run for run in run_store().runs() if run.spec.kind == "train"]
    done = [run for run in trained if run.state.status == "done"]
    runs = {run.id: run for run in done if subject.table in run.tables}
    if not runs:
        if len(trained) > len(done):
            empty_state("Not done yet", "Results appear here when a run is done.",
                        action="See the runs", page="runs", icon="hourglass_top")  # fmt: skip
        else:
            empty_state("Nothing learned yet", subject.missing,
                        action="Train a model", page="train", icon=subject.icon)  # fmt: skip
        st.stop()
    return runs


def choose_run(runs: dict[str, Run], subject: Subject) -> Run:
    """Draw the choice of a run and return the chosen one."""
    chosen = current_run()
    if chosen not in runs:
        if chosen is not None:
            st.toast("The chosen run has no results of this kind. This is the newest that has.",
                     icon=":material/info:")  # fmt: skip
        chosen = next(iter(runs))
    key = f"{subject.table}/run"
    st.session_state[key] = chosen
    run_id = st.selectbox(
        "Run",
        list(runs),
        key=key,
        format_func=lambda run_id: run_label(runs[run_id]),
        on_change=_picked,
        args=(key, tuple(subject.own_state)),
    )
    select_run(run_id)
    return runs[run_id]


def _picked(key: str, own_state: Sequence[str]) -> None:
    select_run(st.session_state[key])
    for name in own_state:
        st.query_params.pop(name, None)
