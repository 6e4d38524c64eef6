"""The way through the dashboard in five steps."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.navigation import PageName, page_path

#: Pages of a step with their titles and icons, and what is done there.
_STEPS: tuple[tuple[tuple[tuple[PageName, str, str], ...], str], ...] = (
    ((("data", "Data", ":material/table_view:"),), "Upload, check, say what is what"),
    (
        (("preprocess", "Preprocess", ":material/filter_alt:"),),
        "Filter, normalise, map, velocity",
    ),
    ((("train", "Train", ":material/model_training:"),), "Learn a model in the background"),
    ((("runs", "Runs", ":material/list_alt:"),), "Watch, cancel, resume, compare"),
    (
        (
            ("dynamics", "Dynamics", ":material/line_axis:"),
            ("genes", "Gene clusters", ":material/timeline:"),
            ("perturbations", "Perturbations", ":material/biotech:"),
            ("rare_cells", "Rare cells", ":material/grain:"),
        ),
        "Equations and fields; genes that respond alike; what perturbations move; whether rare "
        "types are learned",
    ),
)


def show_tour() -> None:
    """Draw one card per step, in the order of an analysis."""
    for column, (pages, text) in zip(st.columns(len(_STEPS)), _STEPS, strict=True):
        with column.container(border=True, height="stretch", gap="xxsmall"):
            for page, title, icon in pages:
                st.page_link(page_path(page), label=f"**{title}**", icon=icon)
            st.caption(text)
