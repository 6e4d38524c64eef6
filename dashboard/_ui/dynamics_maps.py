"""Maps of the cells: the latent space and the UMAP, coloured by anything, with velocities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.dynamics_plane import telling_plane
from dashboard._ui.dynamics_tables import (
    colour_choices,
    colour_name,
    latent_name,
    latents_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

ARROWS = {"data": "dz", "equations": "dzhat"}


def show_latent_map(run: Run, latent: pd.DataFrame, cells: pd.DataFrame, replicate: int) -> None:
    """Draw two latents with the velocity of the data and of the equations."""
    from scdyn_core.plots.embedding import VelocityColumns, embedding_figure

    names = latents_of(latent)
    if len(names) < 2:
        st.info("A map needs two latents; this model has one.")
        return
    left, middle, right, wide = st.columns([1, 1, 2, 2])
    first, second = telling_plane(run, replicate)
    x = left.selectbox("Across", names, index=first, key="dynamics/x", format_func=_pretty)
    others = [name for name in names if name != x]
    suggested = others.index(names[second]) if names[second] in others else 0
    y = middle.selectbox("Up", others, index=suggested, key="dynamics/y", format_func=_pretty)
    frame = latent[latent["replicate"] == replicate].drop(columns="part")
    frame = frame.merge(cells, on="cell", validate="one_to_one")
    colours = [*colour_choices(cells), *names]
    colour = right.selectbox("Colour by", colours, key="dynamics/colour", format_func=colour_name)
    arrows = wide.pills(
        "Arrows",
        list(ARROWS),
        selection_mode="multi",
        default=list(ARROWS),
        key="dynamics/arrows",
        help="Average direction of the cells in each square: as measured in the data and carried "
        "through the encoder, and as the equations say",
    )
    velocities = {
        name: VelocityColumns(ARROWS[name] + x[1:], ARROWS[name] + y[1:])
        for name in ARROWS
        if name in arrows
    }
    chart(
        embedding_figure(
            frame,
            x=x,
            y=y,
            axis_titles=(_title(x), _title(y)),
            colour=colour,
            velocities=velocities,
            palette=palette(),
        ),
        name=f"latent_{x}_{y}",
        key="dynamics/latent",
        data=frame,
    )
    st.caption(
        "Arrows average the cells of each square of a grid. **Data**: the velocity of the cells "
        "carried into the latent space. **Equations**: what the learned equations say there. Both "
        "have the same scale, so that where they agree they lie on each other."
    )


def show_umap(cells: pd.DataFrame) -> None:
    """Draw the UMAP of all cells with the velocity that was measured."""
    from scdyn_core.plots.embedding import VelocityColumns, embedding_figure

    if "umap_1" not in cells:
        st.info("The recipe of this run made no UMAP.")
        return
    colour = st.selectbox(
        "Colour by",
        colour_choices(cells),
        key="dynamics/umap_colour",
        format_func=colour_name,
        width=280,
    )
    arrows = {"velocity": VelocityColumns("velocity_umap_1", "velocity_umap_2")}
    chart(
        embedding_figure(
            cells,
            x="umap_1",
            y="umap_2",
            axis_titles=("UMAP 1", "UMAP 2"),
            colour=colour,
            velocities=arrows if "velocity_umap_1" in cells else None,
            measured_axes=False,
            palette=palette(),
        ),
        name="umap",
        key="dynamics/umap",
        data=cells,
    )
    st.caption("For orientation only: distances and speeds on a UMAP are distorted.")


def _pretty(column: str) -> str:
    return latent_name(int(column[1:]) - 1)


def _title(name: str) -> str:
    return f"z<sub>{name[1:]}</sub> (sd)"
