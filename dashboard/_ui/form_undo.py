"""Settings that were changed by hand and then replaced, as by a preset, can be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard._ui.text import count


def keep_replaced(key: str, started: Mapping[str, Any], starts: Mapping[str, Any]) -> None:
    """Remember what was changed in a form before it starts anew.

    Parameters
    ----------
    key
        Of the form.
    started, starts
        Key of a widget -> what it held when the form started, and what it is about to hold.
    """
    held = {widget: st.session_state[widget] for widget in started if widget in st.session_state}
    replaced = {
        widget: value
        for widget, value in held.items()
        if widget in starts and value not in (started[widget], starts[widget])
    }
    st.session_state[_kept(key)] = replaced


def offer_replaced(key: str) -> None:
    """Draw the button that brings them back, where there are any."""
    replaced = st.session_state.get(_kept(key))
    if replaced:
        st.button(
            f"Bring back {count(len(replaced), 'changed setting')}",
            key=f"{key}/bring_back",
            icon=":material/undo:",
            type="tertiary",
            on_click=_bring_back,
            args=(key,),
            help="They were replaced when the form started from other settings",
        )


def _bring_back(key: str) -> None:
    for widget, value in st.session_state.pop(_kept(key)).items():
        st.session_state[widget] = value


def _kept(key: str) -> str:
    return f"{key}/replaced"
