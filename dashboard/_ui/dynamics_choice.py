"""Which run, and which of its replicates, the pages about equations show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.run_choice import Subject, choose_run, finished_runs
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

#: Another run has a best replicate of its own.
EQUATIONS = Subject(
    table="equations",
    missing="Train a model; its equations appear here.",
    icon="function",
    own_state=("replicate",),
)


def titled_choice(title: str) -> tuple[Run, int]:
    """Draw the title of a page beside the choice of a run and replicate; return the chosen."""
    heading, run_column, replicate_column = st.columns([4, 7, 3], vertical_alignment="bottom")
    heading.title(title, anchor=False)
    runs = finished_runs(EQUATIONS)
    with run_column:
        run = choose_run(runs, EQUATIONS)
    with replicate_column:
        return run, choose_replicate(run)


def choose_replicate(run: Run) -> int:
    """Return the replicate to show: the one in the URL, else the best by the default rule.

    There is nothing to choose when there is one.
    """
    from scdyn_core.evaluation.selection import chosen_replicate

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
