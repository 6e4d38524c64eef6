"""The equations as a picture: flow, nullclines, and the fixed points with their stability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart
from dashboard._ui.downloads import csv_button
from dashboard._ui.dynamics_fixed_points import show_fixed_points
from dashboard._ui.dynamics_model import fixed_points, learned_model
from dashboard._ui.dynamics_plane import ONE_LATENT, choose_plane, portrait
from dashboard._ui.errors import errors_shown
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

FLOWS = {"streamlines": "Streamlines", "arrows": "Arrows"}


def show_field(run: Run, replicate: int) -> None:
    """Draw the phase portrait and list the fixed points."""
    with errors_shown():
        model = learned_model(run, replicate)
        if model.field.dimension < 2:
            st.info(ONE_LATENT)
            return
        plane = choose_plane(model)
        with st.container(horizontal=True, vertical_alignment="center"):
            flow = st.segmented_control("Flow", list(FLOWS), default="streamlines", required=True,
                                        format_func=FLOWS.__getitem__, key="field/flow",
                                        label_visibility="collapsed", width="content")  # fmt: skip
            # In a sheet through more latents they are scraps that cross at no fixed point.
            nullclines = st.toggle("Nullclines", value=model.field.dimension == 2,
                                   key=f"field/nullclines/{model.field.dimension}")  # fmt: skip
            points_too = st.toggle("Fixed points", value=True, key="field/points")
            coloured = st.toggle("Colours of the cells", value=True, key="field/colours")
        points = fixed_points(run, replicate)
        chart(
            portrait(model, plane, flow=flow, nullclines=nullclines, coloured=coloured,
                     points=points if points_too else None),
            name=f"phase_portrait_z{plane.first + 1}_z{plane.second + 1}",
            key="dynamics/portrait",
        )  # fmt: skip
        latent = table_of(run, "latent")
        assert latent is not None
        csv_button(lambda: latent[latent["replicate"] == replicate], name="latent_velocities",
                   key="dynamics/portrait_csv", label="Data")  # fmt: skip
        st.caption(
            "Lines follow the learned equations, where there are cells. "
            + ("On a nullcline one of the two latents stands still. " if nullclines else "")
            + "Fixed points of the whole space are drawn where they fall "
            "onto this view: filled ones attract cells, open ones do not; pale ones lie beyond "
            "the cells."
        )
        show_fixed_points(run, replicate, points)
