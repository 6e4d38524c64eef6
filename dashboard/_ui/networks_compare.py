"""A run's networks beside known edges, beside other networks, and on held-out cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import errors_shown
from dashboard._ui.networks_compare_data import networks_of, origin_of, truths_of
from dashboard._ui.networks_compare_held_out import show_held_out
from dashboard._ui.networks_compare_other import show_other, show_other_run
from dashboard._ui.networks_compare_reference import show_reference
from dashboard._ui.networks_upload import manage_networks, network_store
from dashboard._ui.runs_label import run_label
from dashboard._ui.selection import remember, remembered
from dashboard._ui.services import run_store

if TYPE_CHECKING:
    from scdyn_core.networks.gene_network import GeneNetwork
    from scdyn_core.runs.run import Run

_KEY, _ADDED = "networks/against", "networks/added"
#: What a choice begins with; the name of a reference or the id of a run follows.
_KNOWN, _RUN, _INSIDE = "known/", "run/", "evidence"
_NO_GENES = (
    "No edge of this run is between two genes: it says what latents do, and no list of known "
    "edges between genes can be held against it."
)


def show_compare(run: Run, replicate: int) -> None:
    """Draw what is chosen against what, and how they agree."""
    with errors_shown():
        networks = networks_of(run, replicate)
        if not networks:
            st.info(_NO_GENES, icon=":material/hub:")
            return
        against = _choose(run, len(networks) > 1)
        if against is None:
            st.info(
                "Nothing to compare with yet: **add a network** of known edges (CollecTRI, or a "
                "table of your own), or train a second run.",
                icon=":material/upload:",
            )
        else:
            with errors_shown():
                _show(run, replicate, against, networks)
        show_held_out(run)


def _show(run: Run, replicate: int, against: str, networks: dict[str, GeneNetwork]) -> None:
    if against.startswith(_KNOWN):
        show_reference(run, replicate, against.removeprefix(_KNOWN))
    elif against.startswith(_RUN):
        other = run_store().run(against.removeprefix(_RUN))
        show_other_run(networks, origin_of(run, replicate), other)
    else:
        show_other(networks, networks, "", origin_of(run, replicate))


def _choose(run: Run, several: bool) -> str | None:
    """Draw the choice of what the run is compared with; ``None`` where there is nothing."""
    offered = {f"{_KNOWN}{name}": f"{name} effects".capitalize() for name in truths_of(run)}
    offered |= {f"{_KNOWN}{name}": f"Known edges: {name}" for name in network_store().names()}
    if several:
        offered[_INSIDE] = "Another network of this run"
    offered |= {f"{_RUN}{one.id}": f"Run: {run_label(one)}" for one in _other_runs(run)}
    added = st.session_state.pop(_ADDED, None)
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    with right:
        manage_networks(_ADDED)
    if not offered:
        return None
    asked = f"{_KNOWN}{added}" if added is not None else remembered("against")
    st.session_state[_KEY] = asked if asked in offered else next(iter(offered))
    chosen: str = left.selectbox(
        "Compare with",
        list(offered),
        key=_KEY,
        format_func=lambda one: offered.get(one, one),
        on_change=lambda: remember("against", st.session_state[_KEY]),
    )
    remember("against", chosen)
    return chosen


def _other_runs(run: Run) -> list[Run]:
    return [
        one
        for one in run_store().runs()
        if one.id != run.id
        and one.spec.kind == "train"
        and one.state.status == "done"
        and "network" in one.tables
    ]
