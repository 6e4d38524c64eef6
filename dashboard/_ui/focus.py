"""The keyboard goes to one widget as soon as it is there, so that one can type at once."""

from __future__ import annotations

import streamlit as st

#: Streamlit gives the keyboard of a new dialog to the dialog as a whole, in a turn of its own.
_SCRIPT = """
export default function ({ data }) {
  const wait = setTimeout(() => {
    document.querySelector(`.st-key-${data.key} input`)?.focus()
  }, 150)
  return () => clearTimeout(wait)
}
"""

_focus = st.components.v2.component("scdyn_focus", js=_SCRIPT)


def focus_on(key: str) -> None:
    """Give the keyboard to the widget with a key of ours; call it after the widget is drawn."""
    _focus(key=f"{key}_focus", data={"key": key})
