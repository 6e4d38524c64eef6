"""Which runs each question of the page Rare cells is answered by, and the choice of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.method_words import learns_from_genes, trains_in_epochs
from dashboard._ui.run_words import status_icon
from dashboard._ui.runs_label import run_label
from dashboard._ui.selection import remembered, select_run
from dashboard._ui.services import run_store

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

WEIGHTS, HELPS, UNSEEN, EMBEDDING = (
    "Weights", "Does resampling help?", "Unseen response", "Weigh an embedding",
)  # fmt: skip
_QUESTIONS = {"resampling": HELPS, "unseen response": UNSEEN}


def runs_by_question() -> dict[str, dict[str, Run]]:
    """Return the runs of every question by id, newest first; a run can answer two."""
    found: dict[str, dict[str, Run]] = {WEIGHTS: {}, HELPS: {}, UNSEEN: {}}
    for run in run_store().runs():
        spec = run.spec
        if spec.kind == "experiment":
            question = _QUESTIONS.get(str(spec.experiment.get("question")))
            if question is not None:
                found[question][run.id] = run
        elif spec.kind == "train":
            if _has_weights(run):
                found[WEIGHTS][run.id] = run
            if run.state.status == "done" and "unseen_genes" in run.tables:
                found[UNSEEN][run.id] = run
    return found


def question_of(found: Mapping[str, Mapping[str, Run]], run_id: str | None) -> str | None:
    """Return the question a run answers, the most special one first."""
    return next((name for name in (HELPS, UNSEEN, WEIGHTS) if run_id in found.get(name, {})), None)


def choose_run(question: str, runs: Mapping[str, Run]) -> Run:
    """Draw the choice of a run; every question remembers its own."""
    kept, key = f"rare/chosen/{question}", f"rare/run/{question}"
    asked = remembered("run")
    chosen = asked if asked in runs else st.session_state.get(kept)
    if chosen not in runs:
        chosen = _first(question, runs)
    st.session_state[key] = chosen
    label = {WEIGHTS: "Run", HELPS: "Experiment"}.get(question, "Run or experiment")
    run_id: str = st.selectbox(
        label,
        list(runs),
        key=key,
        format_func=lambda run_id: run_label(runs[run_id]),
        on_change=lambda: select_run(st.session_state[key]),
    )  # fmt: skip
    st.session_state[kept] = run_id
    select_run(run_id)
    return runs[run_id]


def is_live(run: Run) -> bool:
    """Return whether a run is being worked on."""
    return run.state.status == "running"


def status_words(run: Run) -> str:
    """Return the state of a run with its icon."""
    return f"{status_icon(run.state.status)} {run.state.status}"


def _first(question: str, runs: Mapping[str, Run]) -> str:
    """Return the newest run; of trained ones the newest that was not drawn uniformly."""
    telling = [
        run_id for run_id, run in runs.items() if run.spec.options.sampling.scheme != "uniform"
    ]
    return telling[0] if question == WEIGHTS and telling else next(iter(runs))


def _has_weights(run: Run) -> bool:
    from scdyn_core.methods.registry import METHODS

    method = next((one for one in METHODS if one.key == run.spec.method), None)
    if method is None or not trains_in_epochs(method) or learns_from_genes(method):
        return False
    status = run.state.status
    return status == "running" or (status == "done" and "sampling_cells" in run.tables)
