"""Cells on a map at any size, to be explored and put into a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.data.cell_sets.outline import Outline
from scdyn_core.plots.cell_arrows import add_arrows
from scdyn_core.plots.cell_colours import AmountColours, CellColours, GroupColours
from scdyn_core.plots.cell_emphasis import Emphasis
from scdyn_core.plots.cell_names import add_names
from scdyn_core.plots.cell_outline import add_outline
from scdyn_core.plots.cell_points import add_cells, add_hover, add_pick_layer
from scdyn_core.plots.cell_raster import Window, raster
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.points import MOST_POINTS, MOST_VECTOR_POINTS
from scdyn_core.plots.style import colour_bar, equal_scales, styled
from scdyn_core.plots.text import escaped

#: Width of a map in pixels where nothing else is known, its margins, and bounds of its height in
#: widths.
WIDTH = 600
MARGIN = {"l": 40, "r": 12, "t": 12, "b": 40}
LOWEST, HIGHEST = 0.5, 0.85
#: Pixels of a colour bar below the map, with its ticks and title: the map is as large as with
#: groups.
BAR = 52
#: Pixels of a letter of its title, about.
LETTER = 7.5


@dataclass(frozen=True)
class CellMap:
    """Places of cells.

    Attributes
    ----------
    xy
        Shape (cells, 2); cells with NaN are not drawn.
    axes
        Titles of the axes (may be hostile).
    measured
        Whether positions mean something; those of a UMAP do not, and get no ticks.
    """

    xy: NDArray[np.float32]
    axes: tuple[str, str]
    measured: bool


def cell_map_figure(
    cells: CellMap,
    colours: CellColours,
    *,
    emphasis: Emphasis | None = None,
    names: Sequence[str] | None = None,
    window: Window | None = None,
    labels: bool = False,
    arrows: Sequence[NDArray[np.float32]] = (),
    outline: Outline | None = None,
    width: int = WIDTH,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw cells: as points a browser draws up to 50,000, above that as a picture made here.

    Parameters
    ----------
    cells
        Where they are.
    colours
        How they are coloured.
    emphasis
        Which stand out.
    names
        Of all cells (may be hostile), for hovering; only where they are few.
    window
        What is drawn; everything when not given.
    labels
        Whether names of groups stand in their midst.
    arrows
        Velocities of the cells on this map, each of shape (cells, 2), averaged on a grid; the
        first sets the scale of all. At most two: in ink, and in the second ink.
    outline
        What was drawn around cells; more is drawn beside it.
    width
        Pixels it is about to get: its height follows the shape of the map.
    palette
        Colours.
    """
    n_cells = len(cells.xy)
    front, back = (emphasis or Emphasis()).masks(colours, n_cells)
    shown = window or Window.around(cells.xy)
    figure = go.Figure()
    if n_cells <= MOST_POINTS:
        add_cells(figure, cells.xy, colours, front, back, shown, palette)
    else:
        source = raster(cells.xy, colours, front, back, shown, palette)
        figure.add_layout_image(
            source=source, xref="x", yref="y", x=shown.x[0], y=shown.y[1],
            sizex=shown.x[1] - shown.x[0], sizey=shown.y[1] - shown.y[0],
            sizing="stretch", layer="below",
        )  # fmt: skip
    if isinstance(colours, AmountColours):
        _add_scale(figure, colours, width, palette)
    margin = MARGIN | {"b": MARGIN["b"] + (BAR if isinstance(colours, AmountColours) else 0)}
    styled(figure, palette, height=_drawn(shown, width) + margin["t"] + margin["b"])
    add_arrows(figure, cells.xy, arrows, palette)
    add_pick_layer(figure, shown)
    if names is not None and n_cells <= MOST_VECTOR_POINTS:
        add_hover(figure, cells.xy, colours, names)
    _axes(figure, cells, shown)
    if labels and isinstance(colours, GroupColours):
        add_names(figure, cells.xy, colours, front, shown, pixel=_pixel(shown, width),
                  palette=palette)  # fmt: skip
    add_outline(figure, outline, palette)
    figure.update_layout(margin=margin, showlegend=False)
    return figure


def _drawn(shown: Window, width: int) -> float:
    """Return the pixels from the lower to the upper edge of what is drawn."""
    wanted = _inner(width) * (shown.y[1] - shown.y[0]) / (shown.x[1] - shown.x[0])
    return min(max(wanted, LOWEST * width), HIGHEST * width)


def _inner(width: int) -> float:
    return width - MARGIN["l"] - MARGIN["r"]


def _pixel(shown: Window, width: int) -> float:
    """Return the size of a pixel in the units of the map, about."""
    return max(
        (shown.x[1] - shown.x[0]) / _inner(width), (shown.y[1] - shown.y[0]) / _drawn(shown, width)
    )


def _axes(figure: go.Figure, cells: CellMap, shown: Window) -> None:
    quiet = {} if cells.measured else {"ticks": "", "showticklabels": False}
    figure.update_layout(
        xaxis={"title": {"text": escaped(cells.axes[0])}, "range": shown.x, **quiet},
        yaxis={"title": {"text": escaped(cells.axes[1])}, "range": shown.y, **quiet},
    )
    equal_scales(figure)
    figure.update_yaxes(constraintoward="top")


def _add_scale(figure: go.Figure, colours: AmountColours, width: int, palette: Palette) -> None:
    """Add the colour bar, carried by a point that is not seen."""
    figure.add_trace(
        go.Scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={
                "color": [colours.low],
                "cmin": colours.low,
                "cmax": colours.high,
                "colorscale": palette.scale(colours.scale),
                "colorbar": _bar_below(colours, width, palette),
                "showscale": True,
            },
            hoverinfo="skip",
            showlegend=False,
        )
    )


def _bar_below(colours: AmountColours, width: int, palette: Palette) -> dict[str, Any]:
    """Return the settings of a colour bar at the lower edge of the figure, its title below it."""
    most, title = int(_inner(width) / LETTER), colours.title
    bar = colour_bar(escaped(title if len(title) <= most else title[: most - 1] + "…"), palette)
    below = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "len": 0.7}
    return bar | below | {"ypad": 0, "title": bar["title"] | {"side": "bottom"}}
