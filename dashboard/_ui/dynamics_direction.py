"""Which way cells move over the known boundaries between cell types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table
from dashboard._ui.run_tables import columns_of

if TYPE_CHECKING:
    import pandas as pd


def show_direction(direction: pd.DataFrame) -> None:
    """Draw the directions of data, model and baseline, all decoded to genes."""
    from scdyn_core.plots.direction import direction_figure

    st.subheader("Direction over cell-type boundaries", anchor=False)
    chart(
        direction_figure(direction, palette=palette()),
        name="direction",
        key="dynamics/direction",
    )
    st.caption(
        "For test cells with cells of the next type among their 30 nearest: the cosine, over all "
        "genes, between where the cell moves and where those cells are. Left of 0 the cells move "
        "the wrong way. A few cells tell little, and a model that copies a wrong direction of the "
        "data is no better for it."
    )
    folded_table(direction, "Every boundary as a table", name="direction",
                 key="dynamics/direction_table", columns=columns_of(direction))  # fmt: skip
