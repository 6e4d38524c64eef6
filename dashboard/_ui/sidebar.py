"""What stands beside every page: the search, the current dataset, the format of saved figures."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.charts import IMAGE_FORMAT_KEY
from dashboard._ui.goto import goto_button
from dashboard._ui.selection import current_dataset, select_dataset
from dashboard._ui.services import dataset_records
from dashboard._ui.tour import show_tour


def show_sidebar() -> None:
    """Draw the sidebar below the menu of pages."""
    with st.sidebar:
        goto_button()
        _dataset_picker()
        st.segmented_control(
            "Save figures as",
            ["SVG", "PNG"],
            default="SVG",
            required=True,
            key=IMAGE_FORMAT_KEY,
            persist_state="session",
            help="What the camera button above every figure writes",
        )
        if st.button("Tour", key="tour_open", icon=":material/explore:", type="tertiary"):
            show_tour()


def _dataset_picker() -> None:
    current = current_dataset()
    if current is None:
        return
    names = {record.id: record.name for record in dataset_records()}
    st.session_state["dataset_picker"] = current.id
    st.selectbox(
        "Dataset",
        list(names),
        format_func=names.__getitem__,
        key="dataset_picker",
        on_change=_picked,
        help="Every page works on this dataset",
    )


def _picked() -> None:
    select_dataset(st.session_state["dataset_picker"])
