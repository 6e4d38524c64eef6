"""The views of the page Rare cells, by the question they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui import view_choice
from dashboard._ui.rare_subjects import EMBEDDING, HELPS, UNSEEN, WEIGHTS, question_of
from dashboard._ui.selection import remembered

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

KEY = "rare/show"
ANSWER, HOLD_OUT, NEW = "Answer", "New: hold out types", "New experiment"
#: Views that need a run.
VIEWS: dict[str, tuple[str, ...]] = {
    WEIGHTS: ("Map", "Types", "Epochs", "Never drawn"),
    HELPS: (ANSWER, "Each type", "What was drawn"),
    UNSEEN: ("Predictors", "Genes"),
}
#: Views that begin something.
BEGIN: dict[str, tuple[str, ...]] = {HELPS: (NEW,), UNSEEN: (HOLD_OUT,), EMBEDDING: (EMBEDDING,)}
ORDER = (WEIGHTS, HELPS, UNSEEN, EMBEDDING)


def choose_view(found: Mapping[str, Mapping[str, Run]]) -> str:
    """Draw the choice of what is shown; the view is in the URL, as ``show``.

    Parameters
    ----------
    found
        Question -> its runs by id. At first the question of the run that was looked at last.
    """
    if KEY not in st.session_state and "show" not in st.query_params:
        answered = next((group for group in ORDER if found.get(group)), WEIGHTS)
        st.session_state[KEY] = question_of(found, remembered("run")) or answered
    there = {
        group: (*(VIEWS.get(group, ()) if found.get(group) else ()), *BEGIN.get(group, ()))
        for group in ORDER
    }
    if not found.get(WEIGHTS):
        there[WEIGHTS] = VIEWS[WEIGHTS][:1]
    _stay(there)
    return view_choice.choose_view(there, KEY)


def _stay(there: Mapping[str, Sequence[str]]) -> None:
    """Keep a view that was alone in its group when others join it, as when a run ends."""
    group, shown = st.session_state.get(KEY), st.query_params.get("show")
    if shown in there.get(str(group), ()):
        st.session_state.setdefault(f"{KEY}/{group}", shown)


def group_of(view: str) -> str:
    """Return the question a view belongs to."""
    return next(group for group in ORDER if view in (*VIEWS.get(group, ()), *BEGIN.get(group, ())))


def open_view(group: str, view: str) -> None:
    """Look at a view (a callback)."""
    st.session_state[KEY] = group
    st.session_state[f"{KEY}/{group}"] = view
