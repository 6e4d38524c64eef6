"""Empty states: what is missing here and what to do next."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.navigation import PageName, continue_button


def empty_state(
    title: str,
    text: str,
    *,
    action: str | None = None,
    page: PageName = "data",
    icon: str = "inbox",
) -> None:
    """Say what is missing and lead to where it comes from.

    Parameters
    ----------
    title, text
        Written by us, Markdown allowed; escape names with ``plain``.
    action
        Label of the button that leads to ``page``; none without it.
    icon
        Name of a Material symbol.
    """
    with st.container(border=True, horizontal_alignment="center", key=f"empty_{page}_{icon}"):
        st.markdown(f"### :material/{icon}: {title}", text_alignment="center", width="content")
        st.markdown(text, text_alignment="center", width="content")
        if action:
            continue_button(action, page, key=f"empty_go_{page}_{icon}")
