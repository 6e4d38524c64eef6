"""The learned vector field on a plane of two latents: flow, nullclines, fixed points, paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.evaluation.field.fixed_points import FixedPoint
from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.plane import Plane
from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.arrows import Arrows, arrow_trace
from scdyn_core.plots.cell_backdrop import add_cells
from scdyn_core.plots.fixed_point_marks import add_fixed_points
from scdyn_core.plots.group_names import add_group_names
from scdyn_core.plots.nullclines import add_nullclines
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.path_lines import add_paths
from scdyn_core.plots.streamlines import SPACING, add_streamlines, streamlines
from scdyn_core.plots.style import equal_scales, legend_at_bottom, styled, true_size

Flow = Literal["streamlines", "arrows", "none"]

ARROW_CELLS = 20
#: Places within this many squares of the arrow grid of a cell are drawn as among the cells.
NEAR = 1.5
#: Pixels of a figure that has a row to itself.
FULL_WIDTH = 940
#: The plane shown reaches this much beyond the cells.
MARGIN = 0.08


def phase_portrait(
    field: LearnedField,
    latent: Values,
    plane: Plane,
    *,
    groups: Sequence[str] | None = None,
    flow: Flow = "streamlines",
    nullclines: bool = True,
    fixed_points: Sequence[FixedPoint] = (),
    paths: Mapping[str, Values] | None = None,
    width: float = FULL_WIDTH,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the field of the learned equations over the cells.

    Parameters
    ----------
    field
        The equations.
    latent
        Cells, shape ``(n, d)``, sd units.
    plane
        Which two latents, and where the others are held.
    groups
        Group of every cell (may be hostile), which colours it.
    flow
        Lines that follow the field, drawn among the cells alone, arrows on a grid, or neither.
    nullclines
        Whether to draw where each of the two latents stands still in this plane.
    fixed_points
        Of the whole space, drawn where they fall onto the plane.
    paths
        Name of a start (may be hostile) -> simulated path, shape ``(times, d)``, projected onto
        the plane.
    width
        Pixels the figure is about to get: its height and where names fit follow from it.
    palette
        Colours.
    """
    figure = go.Figure()
    cells = plane.flatten(latent)
    low, high = cells.min(axis=0), cells.max(axis=0)
    pad = MARGIN * np.maximum(high - low, 1e-9)
    low, high = low - pad, high + pad
    near = _near(cells, high - low)
    add_cells(figure, cells, groups, palette)
    if flow == "streamlines":
        lines = streamlines(
            lambda xy: plane.velocity(field, xy[:, 0], xy[:, 1]),
            near,
            low,
            high,
            # In a small figure lines keep their distance on the screen.
            spacing=SPACING * float(np.clip(FULL_WIDTH / width, 1.0, 1.8)),
        )
        add_streamlines(figure, lines, colour=palette.muted, name="flow of the equations")
    elif flow == "arrows":
        _arrows(figure, field, plane, near, (low, high), palette)
    if nullclines:
        add_nullclines(figure, field, plane, low, high, near, palette)
    flat = {name: plane.flatten(path) for name, path in (paths or {}).items()}
    add_paths(figure, flat, palette, groups)
    add_fixed_points(figure, fixed_points, plane, palette)
    height, pixels = true_size(low, high, width)
    if groups is not None:
        marks = np.array([plane.flatten(point.position) for point in fixed_points]).reshape(-1, 2)
        add_group_names(figure, cells, groups, (low, high), pixels, palette, avoid=marks)
    styled(figure, palette, height=height)
    equal_scales(figure)
    legend_at_bottom(figure)
    figure.update_layout(
        xaxis={"title_text": f"z<sub>{plane.first + 1}</sub> (sd)", "range": [low[0], high[0]]},
        yaxis={"title_text": f"z<sub>{plane.second + 1}</sub> (sd)", "range": [low[1], high[1]]},
        uirevision=f"{plane.first}/{plane.second}",
    )
    return figure


def _near(cells: Values, span: Values) -> Callable[[Values], NDArray[np.bool_]]:
    """Return a function of places ``(n, 2)``: which have a cell nearby in the plane."""
    from scipy.spatial import cKDTree

    tree = cKDTree(cells / span)

    def near(places: Values) -> NDArray[np.bool_]:
        distance, _ = tree.query(places / span)
        return np.asarray(distance < NEAR / ARROW_CELLS)

    return near


def _arrows(
    figure: go.Figure,
    field: LearnedField,
    plane: Plane,
    near: Callable[[Values], NDArray[np.bool_]],
    corners: tuple[Values, Values],
    palette: Palette,
) -> None:
    low, high = corners
    span = high - low
    sides = [np.linspace(low[axis], high[axis], ARROW_CELLS + 2)[1:-1] for axis in (0, 1)]
    x, y = (values.ravel() for values in np.meshgrid(*sides))
    arrows = Arrows(np.column_stack([x, y]), plane.velocity(field, x, y))
    close = near(arrows.position)
    # Far from the cells polynomials run away: their speed must not shrink the arrows that count.
    among = Arrows(arrows.position[close], arrows.vector[close]) if close.any() else arrows
    scale = among.scale_for(span, ARROW_CELLS)
    kinds = (
        ("equations", close, palette.ink),
        ("equations, beyond the cells", ~close, palette.faint),
    )
    for name, members, colour in kinds:
        if not members.any():
            continue
        chosen = Arrows(arrows.position[members], arrows.vector[members])
        figure.add_trace(
            arrow_trace(
                chosen, span, cells=ARROW_CELLS, colour=colour, name=name, width=1.5, scale=scale
            )
        )
