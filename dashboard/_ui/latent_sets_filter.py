"""A set from conditions: groups of a column, a range of numbers, expression of a gene."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import show_error
from dashboard._ui.latent_sets_condition import condition
from dashboard._ui.latent_sets_save import save_form
from dashboard._ui.text import count
from scdyn_core.errors import ScdynError

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.cell_sets.filters import FilterPart

_ROWS = "sets/filter/rows"
_MOST = 8
#: Of the name that is suggested.
_LONGEST_NAME = 40


def filter_button(view: LatentView) -> None:
    """Draw the button that opens the filter."""
    if st.button("Filter", key="sets/filter", icon=":material/filter_alt:",
                 help="A new set of all cells that fulfil conditions"):  # fmt: skip
        st.session_state[_ROWS] = [uuid.uuid4().hex[:8]]
        _filter(view)


@st.dialog("A set from a filter", width="medium", icon=":material/filter_alt:")
def _filter(view: LatentView) -> None:
    rows: list[str] = st.session_state.setdefault(_ROWS, [uuid.uuid4().hex[:8]])
    match = "all"
    if len(rows) > 1:
        match = st.segmented_control(
            "Cells must fulfil", ["all", "any"], default="all", required=True,
            key="sets/filter/match", format_func=lambda how: f"{how} of these",
        )  # fmt: skip
    parts = [part for row in rows if (part := _row(view, row, alone=len(rows) == 1)) is not None]
    st.button("Another condition", key="sets/filter/add", icon=":material/add:", type="tertiary",
              disabled=len(rows) >= _MOST, on_click=_add,
              help="At most eight" if len(rows) >= _MOST else None)  # fmt: skip
    if not parts:
        st.caption("Choose what the cells must have; how many there are is counted as you choose.")
        return
    _counted(view, match, parts)


def _counted(view: LatentView, match: str, parts: list[FilterPart]) -> None:
    """Draw how many cells fulfil the conditions, and keep them under a name."""
    from scdyn_core.data.cell_sets.cell_set import Filtered
    from scdyn_core.data.cell_sets.filters import CellFilter

    chosen = CellFilter.model_validate({"match": match, "parts": parts})
    try:
        cells = chosen.positions(view.atlas)
    except ScdynError as error:
        show_error(error)
        return
    st.markdown(f"**{count(len(cells), 'cell')}** of {view.atlas.n_cells:,}")
    of_cells = view.atlas.rows()[cells]
    how = Filtered(of="" if view.of == "data" else view.of, filter=chosen)
    suggested = chosen.words().replace("'", "")[:_LONGEST_NAME]
    if save_form(view, of_cells[of_cells >= 0], how, key="filtered", suggested=suggested):
        # Closes the dialog; the new set stands in the list.
        st.rerun()


def _row(view: LatentView, row: str, *, alone: bool) -> FilterPart | None:
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container():
            part = condition(view.atlas, key=f"sets/filter/{row}")
        if not alone:
            st.button("", key=f"sets/filter/{row}/drop", icon=":material/close:", type="tertiary",
                      help="Drop this condition", on_click=_drop, args=(row,))  # fmt: skip
    return part


def _add() -> None:
    st.session_state[_ROWS] = [*st.session_state[_ROWS], uuid.uuid4().hex[:8]]


def _drop(row: str) -> None:
    st.session_state[_ROWS] = [one for one in st.session_state[_ROWS] if one != row]
