"""The tour of one screen: the way from data to results in six pictures."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard._ui.sample_gallery import open_sample
from dashboard._ui.services import workspace
from dashboard._ui.tour_seen import mark_seen, was_seen
from scdyn_core.data.samples import SAMPLES

_PICTURES = Path(__file__).resolve().parents[2] / "assets" / "tour"
#: Picture, title, and what happens there.
_STOPS = (
    ("data", "Data", "Your file, checked"),
    ("recipe", "Recipe", "Filter, normalise, map"),
    ("train", "Train", "A model, in the background"),
    ("explore", "Explore", "Maps, genes, equations"),
    ("compare", "Compare", "Runs, groups, baselines"),
    ("take_away", "Take away", "Figures, tables, the data"),
)


def show_first_visit() -> None:
    """Open the tour for somebody who has not seen it."""
    if not was_seen(workspace()):
        show_tour()


def _seen() -> None:
    mark_seen(workspace())


@st.dialog("From cells to what drives them", width="large", on_dismiss=_seen)
def show_tour() -> None:
    """Draw the tour; closing it in any way is enough never to see it again unasked."""
    for column, (picture, title, text) in zip(st.columns(len(_STOPS)), _STOPS, strict=True):
        with column:
            st.image(_PICTURES / f"{picture}.svg", width="stretch", alt=title)
            st.markdown(f"**{title}**", text_alignment="center")
            st.caption(text, text_alignment="center")
    st.markdown(
        ":material/balance: Every result stands beside simple baselines, on cells never trained "
        "on.  \n:material/keyboard: **Ctrl K** (⌘ K) finds any page, dataset, run or gene."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Got it", key="tour_close"):
            _seen()
            st.rerun()
        sample = SAMPLES[0]
        opened = st.button(
            "Open a sample",
            key="tour_sample",
            type="primary",
            icon=":material/play_arrow:",
            help=f"{sample.title}: {sample.cells:,} cells, there at once",
        )
    if opened:
        _seen()
        open_sample(sample)
