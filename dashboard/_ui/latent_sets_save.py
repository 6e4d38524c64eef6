"""What is selected, and a name to keep it under."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.latent_sets_choice import saved_sets, set_store
from dashboard._ui.latent_sets_said import attempt, said
from dashboard._ui.latent_state import selection_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.cell_sets.cell_set import How


def show_selected(view: LatentView, selection: NDArray[np.int64]) -> None:
    """Draw how many cells are selected and, where there are any, the form that keeps them."""
    found = selection_of(view)
    if found is None or not len(selection):
        st.markdown("**Nothing is selected**")
        st.caption(
            "Draw around cells on the map with the lasso or the box to select them (Shift adds "
            "more), then give them a name. Or make a set with a filter."
        )
        return
    st.markdown(f"**Selected: {count(len(selection), 'cell')}**")
    if not len(found.rows):
        st.caption(
            "These are no cells of the dataset itself (the recipe made them, for instance as "
            "means of several), so they cannot be kept as a set of its cells."
        )
        return
    if len(found.rows) != len(selection):
        st.caption(f"{count(len(found.rows), 'cell')} of the dataset, some of them not shown here.")
    save_form(view, found.rows, found.how, key="selection")


def save_form(
    view: LatentView, rows: NDArray[np.int64], how: How, *, key: str, suggested: str = ""
) -> bool:
    """Draw a name and *Save*, which Enter presses too; return whether a set was just saved.

    Parameters
    ----------
    rows
        Of the stored dataset.
    how
        How they were chosen.
    key
        Of the widgets.
    suggested
        Name that is taken when none is typed; ``Set 1`` and so on without it.
    """
    from scdyn_core.data.cell_sets.names import free_name

    taken = [one.name for one in saved_sets(view)]
    usual = free_name(suggested or _numbered(taken), taken)
    with (
        st.form(f"sets/{key}", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        st.text_input(
            "Name of the new set", placeholder=usual, max_chars=100, key=_name_key(key),
            label_visibility="collapsed",
        )  # fmt: skip
        st.form_submit_button(
            "Save", type="primary", key=f"sets/{key}/save", icon=":material/bookmark_add:",
            help="Keeps these cells with the dataset; Enter does it too",
            on_click=partial(attempt, key, partial(_save, view, rows, how, key, usual)),
        )  # fmt: skip
    return said(key)


def _save(view: LatentView, rows: NDArray[np.int64], how: How, key: str, usual: str) -> str:
    name = (st.session_state[_name_key(key)] or "").strip() or usual
    saved = set_store().save(view.record.id, name, rows, how)
    return f"Saved **{plain(saved.name)}**, {count(saved.n_cells, 'cell')}."


def _name_key(key: str) -> str:
    return f"sets/{key}/name"


def _numbered(taken: list[str]) -> str:
    number = len(taken) + 1
    while f"Set {number}" in taken:
        number += 1
    return f"Set {number}"
