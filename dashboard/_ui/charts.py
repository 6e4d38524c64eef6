"""Figures on a page: saved as SVG or PNG from their toolbar, with their data as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard._ui.downloads import csv_button
from scdyn_core.plots.palette import DARK, LIGHT, Palette

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

IMAGE_FORMAT_KEY = "image_format"


def chart(
    figure: Figure, *, name: str, key: str, data: pd.DataFrame | None = None, **options: Any
) -> Any:
    """Draw a figure with its downloads; returns what ``st.plotly_chart`` returns.

    Parameters
    ----------
    figure
        Made for ``palette()`` (its theme is left alone), its texts escaped.
    name
        File name of the downloads, without ending.
    data
        What the figure shows, for the CSV download.
    **options
        Passed on to ``st.plotly_chart`` (``on_select``, ``height`` …).
    """
    from scdyn_core.plots.alt_text import alt_text

    toolbar = _toolbar(name, boxes="box" in options.get("selection_mode", ()))
    state = st.plotly_chart(
        figure, key=key, theme=None, config=toolbar, alt=alt_text(figure), **options
    )
    if data is not None:
        csv_button(lambda: data, name=name, key=f"{key}_csv", label="Data")
    return state


def palette() -> Palette:
    """Return the colours for the theme, light or dark, the user looks at."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def _toolbar(name: str, *, boxes: bool) -> dict[str, Any]:
    kind = st.session_state.get(IMAGE_FORMAT_KEY, "SVG")
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": [
            "sendDataToCloud",
            "autoScale2d",
            *([] if boxes else ["select2d"]),
        ],
        "toImageButtonOptions": {"format": str(kind).lower(), "filename": name, "scale": 2},
    }
