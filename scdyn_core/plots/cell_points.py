"""Cells as points that the browser draws, and the layer on which they are lassoed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.cell_colours import NOT_KNOWN, CellColours, GroupColours
from scdyn_core.plots.cell_emphasis import Mask
from scdyn_core.plots.cell_raster import Window
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.points import MOST_VECTOR_POINTS, point_size
from scdyn_core.plots.text import escaped

#: Axes above those of the cells, on which they are lassoed.
ABOVE = {"xaxis": "x2", "yaxis": "y2"}


def add_cells(
    figure: go.Figure,
    xy: NDArray[np.float32],
    colours: CellColours,
    front: Mask | None,
    back: Mask | None,
    window: Window,
    palette: Palette,
) -> None:
    """Draw the cells in the background, then those in colour; larger when few are in the window.

    No group lies on top of all others: the order is random, and the same every time. Of amounts
    the largest lie on top.
    """
    n_cells = len(xy)
    size = point_size(int(window.inside(xy).sum()))
    if back is not None and back.any():
        rows = np.flatnonzero(back)
        grey = {"color": palette.faint, "opacity": 0.6, "size": size}
        figure.add_trace(_points(xy, rows, n_cells, grey))
    rows = np.arange(n_cells) if front is None else np.flatnonzero(front)
    marker: dict[str, Any]
    if isinstance(colours, GroupColours):
        rows = np.random.default_rng(0).permutation(rows)
        marker = _of_groups(colours, rows)
    else:
        rows = rows[np.argsort(colours.amounts[rows], kind="stable")]
        marker = {"color": colours.amounts[rows], "cmin": colours.low, "cmax": colours.high,
                  "colorscale": palette.scale(colours.scale)}  # fmt: skip
    figure.add_trace(_points(xy, rows, n_cells, {**marker, "opacity": 0.9, "size": size}))


def _of_groups(colours: GroupColours, rows: NDArray[np.int64]) -> dict[str, Any]:
    """Return a marker that colours cells by numbers: names of colours take ten times as long."""
    hues, places = np.unique(np.array(colours.hues), return_inverse=True)
    ends = np.arange(len(hues) + 1) / len(hues)
    steps = zip(np.repeat(ends, 2)[1:-1].tolist(), np.repeat(hues, 2).tolist(), strict=True)
    return {
        "color": places[colours.codes[rows]],
        "cmin": -0.5,
        "cmax": len(hues) - 0.5,
        "colorscale": [list(step) for step in steps],
    }


def add_pick_layer(figure: go.Figure, window: Window) -> None:
    """Let cells be lassoed by geometry alone, however many there are.

    Two invisible points carry axes of their own above those of the cells. A browser goes through
    all points on the axes that are lassoed whenever the mouse moves, and sends those inside back
    one by one: with 50,000 that takes seconds, with two nothing.
    """
    figure.add_trace(
        go.Scatter(
            x=list(window.x),
            y=list(window.y),
            mode="markers",
            marker={"opacity": 0},
            hoverinfo="skip",
            showlegend=False,
            **ABOVE,
        )
    )
    figure.update_layout(
        dragmode="lasso",
        xaxis2={"matches": "x", "visible": False, "anchor": "y2"},
        yaxis2={"matches": "y", "visible": False, "anchor": "x2"},
        newselection={"line": {"width": 1.5, "dash": "dot"}},
        plot_bgcolor="rgba(0,0,0,0)",
    )


def add_hover(
    figure: go.Figure, xy: NDArray[np.float32], colours: CellColours, names: Sequence[str]
) -> None:
    """Say over every cell what it is; names may be hostile.

    An invisible line through the cells: a browser hovers over its corners, and lassoes none.
    """
    if isinstance(colours, GroupColours):
        words = [escaped(group) for group in colours.groups]
        told = [words[code] for code in colours.codes.tolist()]
    else:
        told = [f"{amount:.3g}" if amount == amount else NOT_KNOWN
                for amount in colours.amounts.tolist()]  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=xy[:, 0],
            y=xy[:, 1],
            mode="lines",
            line={"color": "rgba(0,0,0,0)", "width": 0},
            text=np.array(
                [
                    f"{name}<br>{word}"
                    for name, word in zip(_escaped(tuple(names)), told, strict=True)
                ]
            ),
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
            **ABOVE,
        )
    )


@lru_cache(maxsize=4)
def _escaped(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(escaped, names))


def _points(
    xy: NDArray[np.float32], rows: NDArray[np.int64], n_cells: int, marker: dict[str, Any]
) -> go.Scatter | go.Scattergl:
    kind = go.Scatter if n_cells <= MOST_VECTOR_POINTS else go.Scattergl
    return kind(
        x=xy[rows, 0],
        y=xy[rows, 1],
        mode="markers",
        marker=marker,
        hoverinfo="skip",
        showlegend=False,
    )
