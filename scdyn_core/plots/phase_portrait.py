"""The learned vector field on a plane of two latents, with nullclines and simulated paths."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.arrows import Arrows, arrow_trace
from scdyn_core.plots.learned_field import LearnedField
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.plane import Plane
from scdyn_core.plots.points import add_background
from scdyn_core.plots.style import equal_scales, legend_below, styled
from scdyn_core.plots.text import escaped

Values = NDArray[np.float64]

ARROW_CELLS = 20
CONTOUR_CELLS = 81
#: The plane shown reaches this much beyond the cells.
MARGIN = 0.08


def phase_portrait(
    field: LearnedField,
    latent: Values,
    plane: Plane,
    *,
    paths: Mapping[str, Values] | None = None,
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
        Which two latents; all others are held at the median cell.
    paths
        Name of a start (may be hostile) -> simulated path, shape ``(times, d)``, projected onto
        the plane.
    palette
        Colours.
    """
    figure = go.Figure()
    cells = latent[:, [plane.first, plane.second]]
    low, high = cells.min(axis=0), cells.max(axis=0)
    pad = MARGIN * np.maximum(high - low, 1e-9)
    low, high = low - pad, high + pad
    add_background(figure, cells[:, 0], cells[:, 1], palette)
    _nullclines(figure, field, plane, low, high, palette)
    x, y, dx, dy = _on_grid(field, plane, low, high, ARROW_CELLS)
    arrows = Arrows(np.column_stack([x, y]), np.column_stack([dx, dy]))
    _arrows(figure, arrows, _near(arrows.position, cells, high - low), high - low, palette)
    _paths(figure, paths or {}, plane, palette)
    styled(figure, palette, height=560)
    equal_scales(figure)
    legend_below(figure)
    figure.update_layout(
        xaxis={"title_text": f"z<sub>{plane.first + 1}</sub> (sd)", "range": [low[0], high[0]]},
        yaxis={"title_text": f"z<sub>{plane.second + 1}</sub> (sd)", "range": [low[1], high[1]]},
        uirevision=f"{plane.first}/{plane.second}",
    )
    return figure


def _near(position: Values, cells: Values, span: Values) -> NDArray[np.bool_]:
    """Return which places have a cell within one and a half squares: the rest is extrapolation."""
    from scipy.spatial import cKDTree

    distance, _ = cKDTree(cells / span).query(position / span)
    near: NDArray[np.bool_] = distance < 1.5 / ARROW_CELLS
    return near


def _arrows(
    figure: go.Figure, arrows: Arrows, near: NDArray[np.bool_], span: Values, palette: Palette
) -> None:
    # Far from the cells polynomials run away: their speed must not shrink the arrows that count.
    among = Arrows(arrows.position[near], arrows.vector[near]) if near.any() else arrows
    scale = among.scale_for(span, ARROW_CELLS)
    kinds = (
        ("equations", near, palette.ink),
        ("equations, beyond the cells", ~near, palette.faint),
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


def _on_grid(
    field: LearnedField, plane: Plane, low: Values, high: Values, cells: int
) -> tuple[Values, Values, Values, Values]:
    axes = [np.linspace(low[axis], high[axis], cells + 2)[1:-1] for axis in (0, 1)]
    x, y = (values.ravel() for values in np.meshgrid(*axes))
    slope = field(plane.lift(x, y))
    return x, y, slope[:, plane.first], slope[:, plane.second]


def _nullclines(
    figure: go.Figure,
    field: LearnedField,
    plane: Plane,
    low: Values,
    high: Values,
    palette: Palette,
) -> None:
    """Draw where each of the two latents stands still; they cross at the fixed points."""
    x, y, *slopes = _on_grid(field, plane, low, high, CONTOUR_CELLS)
    shape = (CONTOUR_CELLS, CONTOUR_CELLS)
    latents = (plane.first, plane.second)
    hues = (palette.categorical[0], palette.categorical[1])
    for latent, slope, hue in zip(latents, slopes, hues, strict=True):
        if not np.isfinite(slope).all() or slope.min() * slope.max() >= 0:
            continue
        figure.add_trace(
            go.Contour(
                x=x.reshape(shape)[0],
                y=y.reshape(shape)[:, 0],
                z=slope.reshape(shape),
                contours={"start": 0, "end": 0, "size": 1, "coloring": "none"},
                line={"color": hue, "width": 2, "dash": "dash"},
                name=f"dz<sub>{latent + 1}</sub>/dt = 0",
                showlegend=True,
                showscale=False,
                hoverinfo="skip",
            )
        )


def _paths(figure: go.Figure, paths: Mapping[str, Values], plane: Plane, palette: Palette) -> None:
    for number, (name, path) in enumerate(paths.items()):
        hue = palette.categorical[(number + 2) % len(palette.categorical)]
        x, y = path[:, plane.first], path[:, plane.second]
        shared = {"legendgroup": f"path{number}", "name": f"from {escaped(name)}"}
        figure.add_trace(
            go.Scatter(x=x, y=y, mode="lines", line={"color": hue, "width": 3}, **shared)
        )
        start = {"size": 10, "color": hue, "line": {"color": palette.background, "width": 1.5}}
        figure.add_trace(
            go.Scatter(x=x[:1], y=y[:1], mode="markers", marker=start, showlegend=False, **shared)
        )
