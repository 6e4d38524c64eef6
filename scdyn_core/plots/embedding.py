"""A map of cells in two dimensions, coloured by anything, with arrows of one or two velocities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.arrows import Arrows, arrow_trace, grid_average, squares_for
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.points import add_points, thinned
from scdyn_core.plots.style import equal_scales, styled


@dataclass(frozen=True)
class VelocityColumns:
    """Two columns with the velocity along x and y."""

    x: str
    y: str


def embedding_figure(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    axis_titles: tuple[str, str],
    colour: str,
    velocities: Mapping[str, VelocityColumns] | None = None,
    measured_axes: bool = True,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw cells on a map.

    Parameters
    ----------
    frame
        One row per cell: the columns named by the other arguments, and ``cell``.
    x, y
        Columns with the position.
    axis_titles
        Titles of the axes with their units.
    colour
        Column with a group or an amount.
    velocities
        Legend text -> columns; averaged on a grid over all cells and drawn as arrows.
    measured_axes
        Whether positions mean something; a UMAP's do not and get no ticks.
    palette
        Colours.
    """
    figure = go.Figure()
    shown = thinned(frame)
    add_points(
        figure,
        shown[x],
        shown[y],
        shown[colour],
        palette,
        names=shown["cell"].astype(str).tolist(),
        title=colour.replace("_", " "),
    )
    hues = (palette.ink, palette.second_ink)
    position = frame[[x, y]].to_numpy(dtype=float)
    span, squares = _span(position), squares_for(len(frame))
    scale = None
    for (name, columns), hue in zip((velocities or {}).items(), hues, strict=False):
        vector = frame[[columns.x, columns.y]].to_numpy(dtype=float)
        arrows: Arrows = grid_average(position, vector, cells=squares)
        # The first velocity sets the scale of all: their lengths are there to be compared.
        scale = arrows.scale_for(span, squares) if scale is None else scale
        figure.add_trace(
            arrow_trace(arrows, span, cells=squares, colour=hue, name=name, scale=scale)
        )
    styled(figure, palette, height=500)
    figure.update_layout(
        xaxis_title_text=axis_titles[0],
        yaxis_title_text=axis_titles[1],
        uirevision=f"{x}/{y}",
    )
    equal_scales(figure)
    if not measured_axes:
        figure.update_xaxes(ticks="", showticklabels=False)
        figure.update_yaxes(ticks="", showticklabels=False)
    if len(shown) < len(frame):
        note = f"{len(shown):,} of {len(frame):,} cells drawn"
        figure.add_annotation(
            text=note, showarrow=False, xref="paper", yref="paper", x=0, y=1.06, xanchor="left",
            font={"size": 11, "color": palette.muted},
        )  # fmt: skip
    return figure


def _span(position: np.ndarray) -> np.ndarray:
    whole = position[np.isfinite(position).all(axis=1)]
    return np.maximum(np.ptp(whole, axis=0), 1e-12) if len(whole) else np.ones(2)
