"""The choice of two latents and of what the others are meanwhile, shared by several views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.charts import palette
from dashboard._ui.dynamics_model import AS_NEARBY, AT_MEDIAN, LearnedModel, learned_model
from dashboard._ui.dynamics_tables import latent_name
from scdyn_core.errors import ScdynError

if TYPE_CHECKING:
    from plotly.graph_objects import Figure
    from streamlit.delta_generator import DeltaGenerator

    from scdyn_core.evaluation.field.fixed_points import FixedPoint
    from scdyn_core.evaluation.field.plane import Plane
    from scdyn_core.plots.palette import Palette
    from scdyn_core.plots.phase_portrait import Flow
    from scdyn_core.runs.run import Run

ONE_LATENT = "A phase portrait needs two latents; this model has one."


def choose_plane(model: LearnedModel) -> Plane:
    """Draw the choice of a plane; at first the one that shows the most of the cells' motion."""
    left, middle, right, words = st.columns([1, 1, 2, 4], vertical_alignment="bottom")
    plane = _choose(model, left, middle, right)
    words.caption(_shown(model, plane))
    return plane


def choose_plane_folded(model: LearnedModel) -> Plane:
    """Draw the same choice behind a button, where other choices matter more."""
    with st.container(horizontal=True, vertical_alignment="center"):
        folded = st.popover("View", icon=":material/crop_rotate:", width="content")
        left, middle = folded.columns(2)
        plane = _choose(model, left, middle, folded)
        st.caption(_shown(model, plane))
    return plane


def telling_plane(run: Run, replicate: int) -> tuple[int, int]:
    """Return the latents, counted from 0, that maps show at first: across, and up."""
    try:
        model = learned_model(run, replicate)
    except (ScdynError, FileNotFoundError):
        return 0, 1
    return _telling(model.key, model)


def _choose(
    model: LearnedModel, left: DeltaGenerator, middle: DeltaGenerator, right: DeltaGenerator
) -> Plane:
    first, second = _telling(model.key, model)
    numbers = list(range(model.field.dimension))
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
    return model.plane(across, up, rest)


def _shown(model: LearnedModel, plane: Plane) -> str:
    if model.field.dimension == 2:
        return "The model has these two latents and no other."
    share = max(plane.share(model.field, model.z), 0.0)
    return (
        f"{latent_name(plane.first)} and {latent_name(plane.second)}: this view shows {share:.0%} "
        "of the cells' motion in these two latents; the rest depends on the latents left out."
    )


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
