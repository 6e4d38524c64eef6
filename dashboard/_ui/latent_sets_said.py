"""What came of something done in a callback, said where the page is drawn next."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard._ui.errors import show_error
from scdyn_core.errors import ScdynError


def attempt(place: str, act: Callable[[], object]) -> None:
    """Do something and remember what is to be said of it, or what went wrong, at a place.

    Parameters
    ----------
    place
        Names where :func:`said` will say it.
    act
        What it returns is said when it is Markdown, and nothing otherwise.
    """
    try:
        outcome = act()
        st.session_state[_key(place)] = outcome if isinstance(outcome, str) else ""
    except ScdynError as error:
        st.session_state[_key(place)] = error


def said(place: str) -> bool:
    """Say once what came of the last attempt at a place; return whether it went well just now."""
    outcome: str | ScdynError | None = st.session_state.pop(_key(place), None)
    if isinstance(outcome, ScdynError):
        show_error(outcome)
        return False
    if outcome:
        st.caption(f":material/check: {outcome}")
    return outcome is not None


def _key(place: str) -> str:
    return f"sets/said/{place}"
