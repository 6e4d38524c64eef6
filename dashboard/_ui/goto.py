"""Go to: one search over everything there is, and the shortcuts of the pages."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.focus import focus_on
from dashboard._ui.goto_targets import targets
from dashboard._ui.navigation import go_to, page_titles

_KEY = "goto"
COLUMNS = 3
#: Keys of the pages in the order of the menu; modifiers work while one types, too.
_DIGITS = "1234567890"


def goto_button() -> None:
    """Draw the button that opens the search; Ctrl K (on a Mac ⌘ K) does the same."""
    pressed = st.button(
        "Go to…",
        key="goto_open",
        icon=":material/search:",
        shortcut="Mod+K",
        width="stretch",
        help="Find a page, dataset, run, sample or gene",
    )
    if pressed:
        st.session_state.pop(_KEY, None)  # the last search is over
        _show()


@st.dialog("Go to", width="medium")
def _show() -> None:
    found = {target.label: target for target in targets()}
    chosen = st.selectbox(
        "Page, dataset, run, sample or gene",
        list(found),
        index=None,
        key=_KEY,
        placeholder="Type, then Enter",
        filter_mode="contains",
    )
    focus_on(_KEY)
    if chosen is not None:
        found[chosen].go()
    st.caption("Pages, and their keys while this is open")
    places = st.columns(COLUMNS)
    for position, (name, (title, icon)) in enumerate(page_titles().items()):
        key = f"Alt+{_DIGITS[position]}" if position < len(_DIGITS) else None
        pressed = places[position % COLUMNS].button(
            title, key=f"goto_page_{name}", icon=icon, type="tertiary", shortcut=key
        )
        if pressed:
            go_to(name)
