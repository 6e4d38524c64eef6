"""Which run and which of its clusterings the page shows: algorithm and number of clusters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.run_choice import Subject, choose_run, finished_runs
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.selection import forget, remember, remembered
from dashboard._ui.text import plain
from scdyn_core.plots.cluster_choice import ClusterChoice

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from scdyn_core.runs.run import Run

CLUSTERS = Subject(
    table="clusters",
    missing="Train a method for gene clusters on cells from several time points; genes that "
    "respond alike appear here together.",
    icon="timeline",
    own_state=("k", "algorithm"),
)
LONGEST = 1000
RULE = (
    "All of them are stored with the run: changing this trains nothing. The one called *chosen* "
    "follows the rule of the method; *Quality, Number of clusters* shows what speaks for each."
)


def titled_choice(title: str) -> tuple[Run, DeltaGenerator]:
    """Draw the title of the page beside the choice of a run; return it and room for more."""
    heading, choice, room = st.columns([7, 10, 9], vertical_alignment="bottom")
    heading.title(title, anchor=False)
    runs = finished_runs(CLUSTERS)
    with choice:
        return choose_run(runs, CLUSTERS), room


def choose_clustering(run: Run, room: DeltaGenerator) -> ClusterChoice:
    """Draw the choice of algorithm and number of clusters; both are in the URL."""
    there = table_of(run, "choice_of_k")
    assert there is not None
    algorithms = [str(name) for name in there["algorithm"].unique()]
    algorithm = ClusterChoice.default(there).algorithm
    if len(algorithms) > 1:
        left, room = room.columns([3, 2], vertical_alignment="bottom")
        with left:
            algorithm = _algorithm(run, algorithms, algorithm)
    with room:
        return ClusterChoice(algorithm, _number(run, there, algorithm))


def time_title(run: Run) -> str:
    """Return what the axis of time is called: the column that holds the times (may be hostile)."""
    return run.spec.dataset.roles.time or "time"


def _algorithm(run: Run, algorithms: list[str], default: str) -> str:
    asked, key = remembered("algorithm", run.id), "genes/algorithm"
    st.session_state[key] = asked if asked in algorithms else default
    chosen: str = st.selectbox(
        "Clustered by",
        algorithms,
        key=key,
        help="Both read the same latent space, which is stored with the run.",
        on_change=_keep,
        args=("algorithm", key, run.id),
    )
    remember("algorithm", chosen, run.id)
    return chosen


def _number(run: Run, there: pd.DataFrame, algorithm: str) -> int:
    """Draw the choice of the number; the one that the rule chooses needs no place in the URL."""
    own = there[there["algorithm"] == algorithm]
    numbers, ruled = sorted(int(k) for k in own["k"]), ClusterChoice.default(own).k
    asked, key = remembered("k", run.id) or "", "genes/k"
    number = int(asked) if re.fullmatch("[0-9]{1,3}", asked) else ruled
    st.session_state[key] = min(numbers, key=lambda k: abs(k - number))
    chosen: int = st.selectbox(
        "Clusters",
        numbers,
        key=key,
        format_func=lambda k: f"{k} (chosen)" if k == ruled else str(k),
        help=_rule(there),
        on_change=_keep,
        args=("k", key, run.id),
    )
    if chosen == ruled:
        forget("k", run.id)
    else:
        remember("k", str(chosen), run.id)
    return chosen


def _rule(there: pd.DataFrame) -> str:
    """Return what is behind the choice, with the rule as the run itself tells it."""
    told = columns_of(there).get("chosen")
    return f"{RULE}\n\nThe rule: {plain(told, LONGEST)}" if told else RULE


def _keep(name: str, key: str, scope: str) -> None:
    remember(name, str(st.session_state[key]), scope)
