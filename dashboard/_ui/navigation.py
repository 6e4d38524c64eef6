"""Where the pages are, and how one page leads to the next with the right state."""

from __future__ import annotations

from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

PageName = Literal[
    "home",
    "data",
    "preprocess",
    "train",
    "runs",
    "latent",
    "dynamics",
    "genes",
    "perturbations",
    "networks",
    "rare_cells",
]

_PAGES: dict[PageName, tuple[str, str]] = {
    "home": ("Home", ":material/home:"),
    "data": ("Data", ":material/table_view:"),
    "preprocess": ("Preprocess", ":material/filter_alt:"),
    "train": ("Train", ":material/model_training:"),
    "runs": ("Runs", ":material/list_alt:"),
    "latent": ("Latent space", ":material/scatter_plot:"),
    "dynamics": ("Dynamics", ":material/line_axis:"),
    "genes": ("Gene clusters", ":material/timeline:"),
    "perturbations": ("Perturbations", ":material/biotech:"),
    "networks": ("Gene networks", ":material/hub:"),
    "rare_cells": ("Rare cells", ":material/grain:"),
}


def all_pages() -> list[StreamlitPage]:
    """Return the pages in the order of the menu; the first one opens by default."""
    return [
        st.Page(page_path(name), title=title, icon=icon, url_path=name, default=name == "home")
        for name, (title, icon) in _PAGES.items()
    ]


def page_titles() -> dict[PageName, tuple[str, str]]:
    """Return title and icon of every page, in the order of the menu."""
    return dict(_PAGES)


def page_path(name: PageName) -> str:
    """Return the path of a page's script, as Streamlit names pages."""
    return f"dashboard/{name}.py"


def go_to(name: PageName, **query_params: str) -> None:
    """Open a page now, with the given state in its URL."""
    st.switch_page(page_path(name), query_params=query_params)


def continue_button(label: str, name: PageName, *, key: str, **query_params: str) -> None:
    """Draw the one prominent button that leads on from a page."""
    if st.button(
        label,
        key=key,
        type="primary",
        icon=":material/arrow_forward:",
        icon_position="right",
    ):
        go_to(name, **query_params)
