"""Whose cells and results the page shows: the dataset, a recipe run in full, a trained run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.latent_state import DATA
from dashboard._ui.runs_label import run_label
from dashboard._ui.selection import remember, remembered, select_run
from dashboard._ui.services import run_store

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.runs.run import Run


#: What the dataset itself is called.
AS_THEY_CAME = "The data as they came in"


def sources(record: DatasetRecord) -> dict[str, Run | None]:
    """Return what can be looked at, by its name in the URL: trained runs, recipes, the data.

    Of recipes run in full only the newest run of each.
    """
    done = [
        run
        for run in run_store().runs()
        if run.spec.dataset.fingerprint == record.fingerprint and run.state.status == "done"
    ]
    found: dict[str, Run | None] = {run.id: run for run in done if run.spec.kind == "train"}
    recipes: dict[tuple[str, str], Run] = {}
    for run in done:
        if run.spec.kind == "prepare":
            made = (run.spec.recipe.digest(), run.spec.dataset.roles.model_dump_json())
            recipes.setdefault(made, run)
    return {**found, **{run.id: run for run in recipes.values()}, DATA: None}


def choose_source(
    record: DatasetRecord, *, name: str = "of", label: str = "Cells of", avoid: str = ""
) -> Run | None:
    """Draw the choice of a source and return the run; ``None`` for the dataset itself.

    Parameters
    ----------
    name
        In the URL.
    avoid
        Not what is suggested first: the other side shows it.
    """
    there = sources(record)
    asked = remembered(name, record.id) or (remembered("run") if name == "of" else None)
    if asked not in there:
        if _gone(st.query_params.get(name)):
            st.toast("The run in the link is not here any more.", icon=":material/info:")
        asked = next((one for one in there if one != avoid), DATA)
    key = f"latent/{name}"
    st.session_state[key] = asked
    chosen: str = st.selectbox(
        label,
        list(there),
        key=key,
        format_func=lambda one: _label(there[one]),
        help="The data as they came in, a recipe run in full, or a run with what it learned",
        on_change=lambda: remember(name, st.session_state[key], record.id),
    )
    remember(name, chosen, record.id)
    if there[chosen] is not None and name == "of":
        select_run(chosen)
    return there[chosen]


def _gone(asked: str | None) -> bool:
    """Return whether a run is named that is no run of any dataset."""
    return asked not in (None, DATA, *(run.id for run in run_store().runs()))


def _label(run: Run | None) -> str:
    return AS_THEY_CAME if run is None else run_label(run)
