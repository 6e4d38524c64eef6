"""Which network the page shows: that of a run, or one that was uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.dynamics_choice import choose_replicate
from dashboard._ui.empty import empty_state
from dashboard._ui.runs_label import run_label
from dashboard._ui.selection import current_run, forget, remember, remembered, select_run
from dashboard._ui.services import run_store, workspace

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

#: A run with one of these tables has a network.
TABLES = ("network", "equations")
_KEY, _UPLOADED = "networks/run", "uploaded "
#: Names in the URL that mean something in one network only.
_OWN_STATE = ("replicate", "node", "cells", "steps")


@dataclass(frozen=True)
class Shown:
    """A network that is looked at.

    Attributes
    ----------
    run
        The run that found it; ``None`` for one that was uploaded.
    replicate
        Which of the run's replicates, where each has a network of its own.
    uploaded
        Name of an uploaded network.
    """

    run: Run | None
    replicate: int = 0
    uploaded: str | None = None


def titled_choice(title: str) -> Shown:
    """Draw the title of the page beside the choice of a network; return the chosen."""
    heading, which, replicate = st.columns([4, 7, 3], vertical_alignment="bottom")
    heading.title(title, anchor=False)
    runs = _finished()
    uploaded = uploaded_networks()
    if not runs and not uploaded:
        _nothing()
    with which:
        chosen = _choose(runs, uploaded)
    if chosen.startswith(_UPLOADED):
        return Shown(None, uploaded=chosen.removeprefix(_UPLOADED))
    run = runs[chosen]
    with replicate:
        return Shown(run, choose_replicate(run))


def uploaded_networks() -> list[str]:
    """Return the names of the networks that were uploaded."""
    from scdyn_core.networks.store import NetworkStore

    return list(NetworkStore(workspace()).names())


def _finished() -> dict[str, Run]:
    done = [run for run in run_store().runs() if run.spec.kind == "train"]
    return {
        run.id: run
        for run in done
        if run.state.status == "done" and not set(TABLES).isdisjoint(run.tables)
    }


def _nothing() -> None:
    if any(run.spec.kind == "train" and run.state.status != "done" for run in run_store().runs()):
        empty_state("Not done yet", "Results appear here when a run is done.",
                    action="See the runs", page="runs", icon="hourglass_top")  # fmt: skip
    else:
        empty_state("Nothing learned yet",
                    "Train a method that finds a network; what acts on what appears here.",
                    action="Train a model", page="train", icon="hub")  # fmt: skip
    st.stop()


def _choose(runs: dict[str, Run], uploaded: list[str]) -> str:
    offered = {**{run_id: run_label(run) for run_id, run in runs.items()},
               **{_UPLOADED + name: f"{name} · uploaded" for name in uploaded}}  # fmt: skip
    own = remembered("network")
    asked = _UPLOADED + own if own is not None else current_run()
    if asked not in offered:
        if asked is not None:
            st.toast("The chosen run has no network. This is the newest that has.",
                     icon=":material/info:")  # fmt: skip
        asked = next(iter(offered))
    st.session_state[_KEY] = asked
    chosen: str = st.selectbox(
        "Network",
        list(offered),
        key=_KEY,
        format_func=lambda name: offered.get(name, name),
        on_change=_picked,
    )
    _remember(chosen)
    return chosen


def _picked() -> None:
    for name in _OWN_STATE:
        st.query_params.pop(name, None)
    _remember(st.session_state[_KEY])


def _remember(chosen: str) -> None:
    if chosen.startswith(_UPLOADED):
        remember("network", chosen.removeprefix(_UPLOADED))
    else:
        forget("network")
        select_run(chosen)
