"""The way through the dashboard in five steps, each a link."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.navigation import PageName, page_path, page_titles

#: Pages of the way, and what is done there.
_STEPS: tuple[tuple[PageName, str], ...] = (
    ("data", "Upload, check, say what is what"),
    ("preprocess", "Filter, normalise, map, velocity"),
    ("train", "Learn a model in the background"),
    ("runs", "Watch, cancel, resume, compare"),
)


def show_steps() -> None:
    """Draw one card per step, in the order of an analysis, and below them the pages of results."""
    for place, (page, text) in zip(st.columns(len(_STEPS)), _STEPS, strict=True):
        with place.container(border=True, height="stretch", gap="xxsmall"):
            _link(page)
            st.caption(text)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        for page in page_titles():
            if page not in ("home", *dict(_STEPS)):
                _link(page)


def _link(page: PageName) -> None:
    title, icon = page_titles()[page]
    st.page_link(page_path(page), label=f"**{title}**", icon=icon)
