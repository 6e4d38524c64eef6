"""What else a run found: the classifier, and how much the data had to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table
from dashboard._ui.run_tables import columns_of

if TYPE_CHECKING:
    import pandas as pd


def show_sources(sources: pd.DataFrame) -> None:
    """Draw how predictable the derivative was before any training."""
    from scdyn_core.plots.derivative_sources import derivative_source_figure

    parts = list(dict.fromkeys(sources["part"]))
    part = "test" if "test" in parts else parts[-1]
    chart(
        derivative_source_figure(sources, part=part, palette=palette()),
        name="derivative_sources",
        key="dynamics/sources",
    )
    st.caption(
        "Measured before training. Where even simple methods explain nothing of the derivative, no "
        "model can learn equations of motion from it; where they explain as much after the "
        "directions were shuffled, it is the shape of the data that they explain."
    )
    folded_table(sources, "Every baseline as a table", name="derivative_sources",
                 key="dynamics/source_table", columns=columns_of(sources))  # fmt: skip
