"""Sets written into the data as a column: a new dataset beside the old one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dashboard._ui.aside_jobs import aside_job, shown
from dashboard._ui.errors import errors_shown, show_error
from dashboard._ui.latent_sets_choice import rows_of
from dashboard._ui.selection import select_dataset
from dashboard._ui.services import dataset_store, workspace
from dashboard._ui.text import count, plain
from scdyn_core.errors import ScdynError

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.cell_sets.cell_set import CellSet

_ASKED = "sets/column/asked"
_MEANS = "Writes sets into the data: a new dataset, this one with one more column"


def write_column_button(view: LatentView, sets: list[CellSet]) -> None:
    """Draw the button that asks which sets become which column."""
    busy = st.session_state.get(_ASKED) is not None
    why = "There is no set to write yet" if not sets else "One is being written"
    if st.button(
        "As a column", key="sets/column", icon=":material/view_column:",
        disabled=not sets or busy,
        help=why if not sets or busy else _MEANS,
    ):  # fmt: skip
        _ask(view, sets)


def show_column_job(view: LatentView) -> None:
    """Draw how far the writing of a column is, and lead to what came of it."""
    asked: dict[str, Any] | None = st.session_state.get(_ASKED)
    if asked is None or asked["dataset"] != view.record.id:
        return
    with st.container(border=True):
        answer = shown(aside_job("annotate", asked), "Writing the column", key="sets/column/job")
        if answer is None:
            if aside_job("annotate", asked).future.done():
                st.button("Dismiss", key="sets/column/drop", type="tertiary", on_click=_dismiss)
            return
        with errors_shown():
            name = dataset_store().record(answer["dataset"]).name
            st.markdown(f":material/check: Stored as **{plain(name)}**. This dataset stays.")
            with st.container(horizontal=True):
                opened = st.button("Open it", key="sets/column/open", type="primary",
                                   icon=":material/arrow_forward:",
                                   icon_position="right")  # fmt: skip
                st.button("Dismiss", key="sets/column/dismiss", type="tertiary",
                          on_click=_dismiss)  # fmt: skip
            if opened:
                _dismiss()
                select_dataset(answer["dataset"])
                # All of the page shows another dataset now.
                st.rerun(scope="app")


@st.dialog("Write sets as a column", icon=":material/view_column:")
def _ask(view: LatentView, sets: list[CellSet]) -> None:
    from scdyn_core.data.annotate import checked_name

    st.caption(
        "Stored data never change, so this makes a new dataset: the same cells and numbers, with "
        "one more column. Roles and sets come along; the dataset you look at stays."
    )
    column = st.text_input("Name of the column", "cell_set", max_chars=100, key="sets/column/new")
    by_id = {one.id: one for one in sets}
    chosen = st.multiselect(
        "Sets, the most important first", list(by_id), default=list(by_id)[:20],
        format_func=lambda set_id: f"{by_id[set_id].name} ({by_id[set_id].n_cells:,})",
        key="sets/column/sets", help="A cell in several sets gets the first of them",
    )  # fmt: skip
    problem = None
    try:
        checked_name(column, view.record)
        if chosen:
            _what_becomes_of_cells(view, [by_id[each] for each in chosen])
    except ScdynError as error:
        problem = error
        show_error(error)
    if st.button("Write", type="primary", key="sets/column/write",
                 disabled=not chosen or problem is not None,
                 help=None if chosen else "Choose at least one set"):  # fmt: skip
        st.session_state[_ASKED] = {
            "home": str(workspace().home), "dataset": view.record.id, "column": column,
            "sets": list(chosen), "asked": time.time_ns(),
        }  # fmt: skip
        st.rerun()


def _what_becomes_of_cells(view: LatentView, sets: list[CellSet]) -> None:
    held = np.zeros(view.record.n_cells, dtype=np.uint16)
    for one in sets:
        held[rows_of(view.record.id, one)] += 1
    several, none = int((held > 1).sum()), int((held == 0).sum())
    words = [f"{count(none, 'cell')} in no set: *not assigned*."] if none else []
    if several:
        words.append(f"{count(several, 'cell')} in several sets: the first of them counts.")
    st.caption(" ".join(words) or "Every cell is in exactly one set.")


def _dismiss() -> None:
    st.session_state.pop(_ASKED, None)
