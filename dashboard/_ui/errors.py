"""How a page shows what went wrong: place, what was found, what was needed, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from dashboard._ui.text import plain
from scdyn_core.errors import ScdynError


def show_error(error: ScdynError) -> None:
    """Show an error a user can understand and mend."""
    show_error_parts(error.as_dict())


def show_error_parts(parts: Mapping[str, str]) -> None:
    """Show an error from its stored parts, such as ``RunState.error``."""
    lines = [f"**{plain(parts.get('place', 'Something failed'))}**"]
    if parts.get("found"):
        lines.append(f"Found: {plain(parts['found'])}")
    if parts.get("needed"):
        lines.append(f"Needed: {plain(parts['needed'])}")
    if parts.get("fix"):
        lines.append(f"**What to do:** {plain(parts['fix'])}")
    st.error("\n\n".join(lines), icon=":material/error:")


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show a ``ScdynError`` raised inside in its place on the page, and go on."""
    try:
        yield
    except ScdynError as error:
        show_error(error)
