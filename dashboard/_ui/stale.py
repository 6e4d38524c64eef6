"""The banner that says: what you see was made from something that has changed since."""

from __future__ import annotations

import streamlit as st


def stale_banner(what: str, because: str, fix: str) -> None:
    """Warn that ``what`` is out of date ``because`` something upstream changed.

    All three are Markdown; escape names with ``plain``.
    """
    st.warning(
        f"**{what} is out of date:** {because}. {fix}", icon=":material/published_with_changes:"
    )
