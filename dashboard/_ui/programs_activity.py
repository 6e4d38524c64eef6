"""Where each program is active: on a map of all cells, and by cell type in test cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.dynamics_tables import latents_of

if TYPE_CHECKING:
    import pandas as pd

#: Name of a map -> its columns, titles of its axes, and whether its positions mean something.
MAPS = {
    "UMAP": ("umap_1", "umap_2", ("UMAP 1", "UMAP 2"), False),
    "Latent space": ("z1", "z2", ("z<sub>1</sub> (sd)", "z<sub>2</sub> (sd)"), True),
    "PCA": ("pca_1", "pca_2", ("PC 1", "PC 2"), True),
}


def show_activity(latent: pd.DataFrame, cells: pd.DataFrame, replicate: int) -> None:
    """Draw the activity of every program."""
    from scdyn_core.plots.activity_map import activity_map_figure

    rows = latent[latent["replicate"] == replicate].drop(columns="part")
    frame = rows.merge(cells, on="cell", validate="one_to_one")
    maps = [name for name, (x, y, _, _) in MAPS.items() if {x, y} <= set(frame)]
    if maps:
        name = st.segmented_control("Map", maps, default=maps[0], required=True,
                                    key="programs/map")  # fmt: skip
        x, y, titles, measured = MAPS[name]
        latents = latents_of(latent)
        chart(
            activity_map_figure(frame, latents, x=x, y=y, axis_titles=titles,
                                measured_axes=measured, palette=palette()),
            name="program_activity_map",
            key="programs/activity_map",
            data=frame[list(dict.fromkeys(["cell", x, y, *latents]))],
        )  # fmt: skip
        st.caption("Activity is the value of the latent in a cell, of all cells, in sd; colours "
                   "end at the 98th percentile of its size.")  # fmt: skip
    _by_type(latent, cells, replicate)


def _by_type(latent: pd.DataFrame, cells: pd.DataFrame, replicate: int) -> None:
    from scdyn_core.evaluation.program_activity import MEANINGS, program_activity
    from scdyn_core.plots.type_profile import type_profile_figure

    activity = program_activity(latent[latent["replicate"] == replicate], cells)
    if activity.empty:
        return
    st.markdown("**By cell type**")
    chart(
        type_profile_figure(activity, mean="mean", sd="sd", title="activity (sd)",
                            palette=palette()),
        name="program_activity",
        key="programs/activity",
    )  # fmt: skip
    st.caption("Mean ± sd over the test cells of each type, which the model was not trained on.")
    table(activity.drop(columns="replicate"), name="program_activity",
          key="programs/activity_table", columns=MEANINGS, height=240)  # fmt: skip
