"""Which run, and which of its replicates, the Dynamics page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.dynamics_tables import table_of
from dashboard._ui.empty import empty_state
from dashboard._ui.runs_label import run_label
from dashboard._ui.selection import current_run, select_run
from dashboard._ui.services import run_store

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run


def titled_choice(title: str) -> tuple[Run, int]:
    """Draw the title of a page beside the choice of a run and replicate; return the chosen."""
    heading, run_column, replicate_column = st.columns([4, 7, 3], vertical_alignment="bottom")
    heading.title(title, anchor=False)
    runs = finished_runs()
    with run_column:
        run = choose_run(runs)
    with replicate_column:
        return run, choose_replicate(run)


def finished_runs() -> dict[str, Run]:
    """Return the runs with results, by id; the page ends here when there is none."""
    trained = [run for run in run_store().runs() if run.spec.kind == "train"]
    runs = {run.id: run for run in trained if run.state.status == "done" and run.tables}
    if not runs:
        if trained:
            empty_state("Not done yet", "Results appear here when a run is done.",
                        action="See the runs", page="runs", icon="hourglass_top")  # fmt: skip
        else:
            empty_state("Nothing learned yet", "Train a model; its equations appear here.",
                        action="Train a model", page="train", icon="function")  # fmt: skip
        st.stop()
    return runs


def choose_run(runs: dict[str, Run]) -> Run:
    """Draw the choice of a run and return the chosen one."""
    chosen = current_run()
    if chosen not in runs:
        if chosen is not None:
            st.toast("The chosen run has no results. This is the newest that has.",
                     icon=":material/info:")  # fmt: skip
        chosen = next(iter(runs))
    st.session_state["dynamics/run"] = chosen
    run_id = st.selectbox(
        "Run",
        list(runs),
        key="dynamics/run",
        format_func=lambda run_id: run_label(runs[run_id]),
        on_change=_picked,
    )
    select_run(run_id)
    return runs[run_id]


def choose_replicate(run: Run) -> int:
    """Return the replicate to show: the one in the URL, else the best by the default rule.

    There is nothing to choose when there is one.
    """
    from scdyn_core.plots.catalogue import chosen_replicate

    equations = table_of(run, "equations")
    numbers = [0] if equations is None else sorted(int(n) for n in equations["replicate"].unique())
    if len(numbers) == 1:
        return numbers[0]
    best = chosen_replicate(table_of(run, "replicates"))
    key = f"replicate/{run.id}"
    if key not in st.session_state:
        asked = st.query_params.get("replicate", "")
        number = int(asked) - 1 if asked.isdecimal() else best
        st.session_state[key] = number if number in numbers else numbers[0]
    chosen = st.selectbox(
        "Replicate",
        numbers,
        key=key,
        format_func=lambda number: f"{number + 1} (best)" if number == best else str(number + 1),
        help="Models trained from other seeds on the same cells. The best one has the largest "
        "merit of error, terms and stability on validation cells; the rule is on the Runs page.",
    )
    st.query_params["replicate"] = str(chosen + 1)
    return chosen


def _picked() -> None:
    select_run(st.session_state["dynamics/run"])
    # Another run has a best replicate of its own.
    st.query_params.pop("replicate", None)
