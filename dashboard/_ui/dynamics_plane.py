"""The choice of two latents and of what the others are meanwhile, shared by several views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.charts import palette
from dashboard._ui.dynamics_model import AS_NEARBY, AT_MEDIAN, LearnedModel
from dashboard._ui.dynamics_tables import latent_name

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from scdyn_core.evaluation.field.fixed_points import FixedPoint
    from scdyn_core.evaluation.field.plane import Plane
    from scdyn_core.plots.palette import Palette
    from scdyn_core.plots.phase_portrait import Flow

ONE_LATENT = "A phase portrait needs two latents; this model has one."


def choose_plane(model: LearnedModel) -> Plane:
    """Draw the choice of a plane; at first the one that shows the most of the cells' motion."""
    first, second = _telling(model.key, model)
    numbers = list(range(model.field.dimension))
    left, middle, right, words = st.columns([1, 1, 2, 4], vertical_alignment="bottom")
    across = left.selectbox("Across", numbers, index=first, key=f"plane/x/{model.field.dimension}",
                            format_func=latent_name)  # fmt: skip
    others = [number for number in numbers if number != across]
    suggested = others.index(second) if second in others else 0
    up = middle.selectbox("Up", others, index=suggested, format_func=latent_name,
                          key=f"plane/y/{model.field.dimension}/{across}")  # fmt: skip
    rest = AS_NEARBY
    if model.field.dimension > 2:
        choices = [AS_NEARBY, AT_MEDIAN, *model.middle_cells()]
        rest = right.selectbox(
            "Other latents",
            choices,
            key=f"plane/rest/{model.grouping}",
            format_func=lambda name: name if name in choices[:2] else f"at the median of {name}",
            help="A plane shows two latents. The field in it depends on what the others are: "
            "at every place what they are in the nearest cells there (a curved sheet through "
            "the cells), or the same everywhere (a flat cut).",
        )
    plane = model.plane(across, up, rest)
    share = max(plane.share(model.field, model.z), 0.0)
    words.caption(
        f"This view shows {share:.0%} of the cells' motion in these two latents; the rest depends "
        "on the latents left out."
    )
    return plane


@st.cache_data(max_entries=40, show_spinner=False)
def _telling(key: str, _model: LearnedModel) -> tuple[int, int]:
    from scdyn_core.evaluation.field.plane import Sheet

    sheet = Sheet.most_telling(_model.field, _model.z)
    axes = (sheet.first, sheet.second)
    # Screens are wide: the latent with the larger range goes across.
    return axes if np.ptp(_model.z[:, axes[0]]) >= np.ptp(_model.z[:, axes[1]]) else axes[::-1]


def portrait(
    model: LearnedModel,
    plane: Plane,
    *,
    flow: Flow = "streamlines",
    nullclines: bool = False,
    coloured: bool = True,
    points: list[FixedPoint] | None = None,
    width: float = 940,
) -> Figure:
    """Return the phase portrait ``width`` pixels wide, a copy to draw paths on."""
    from plotly.graph_objects import Figure

    rest = "" if hasattr(plane, "cells") else plane.rest.tobytes().hex()
    place = f"{plane.first}/{plane.second}/{rest}"
    asked = (flow, nullclines, coloured, points is not None, width)
    return Figure(_portrait(model.key, place, asked, palette(), model, plane, points or []))


@st.cache_resource(max_entries=40, show_spinner=False)
def _portrait(
    key: str,
    place: str,
    asked: tuple[Flow, bool, bool, bool, float],
    colours: Palette,
    _model: LearnedModel,
    _plane: Plane,
    _points: list[FixedPoint],
) -> Figure:
    from scdyn_core.plots.phase_portrait import phase_portrait

    flow, nullclines, coloured, _, width = asked
    return phase_portrait(
        _model.field,
        _model.z,
        _plane,
        groups=_model.groups if coloured else None,
        flow=flow,
        nullclines=nullclines,
        fixed_points=_points,
        width=width,
        palette=colours,
    )
