"""Simulated paths over time, one panel per latent or gene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.path_lines import path_colours
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

#: Dashes of paths before and after a change of the equations.
BEFORE, AFTER = "solid", "dash"


def trajectory_figure(
    times: Values,
    paths: Mapping[str, Values],
    panels: Sequence[str],
    bands: tuple[Values, Values],
    *,
    columns: int = 1,
    time_title: str = "time (unit of the velocity)",
    groups: Sequence[str] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw each coordinate over time, with the range of the cells behind it.

    Parameters
    ----------
    times
        Shape ``(n,)``, in the time unit of the derivative.
    paths
        Name of a start (may be hostile) -> values, shape ``(n, k)``; NaN after it left the cells.
    panels
        Title of every coordinate, escaped, shape ``(k,)``.
    bands
        Lowest and highest value of the shaded range, each of shape ``(k,)``.
    columns
        Panels beside each other.
    time_title
        Title of the time axis.
    groups
        Groups of the cells: a path from the middle of one has its colour.
    palette
        Colours.
    """
    rows = -(-len(panels) // columns)
    colours = path_colours(paths, groups, palette)
    figure = make_subplots(
        rows=rows, cols=columns, shared_xaxes=True,
        vertical_spacing=min(0.06, 0.4 / max(rows, 1)), horizontal_spacing=0.14,
    )  # fmt: skip
    low, high = bands
    for number, title in enumerate(panels):
        place = {"row": number // columns + 1, "col": number % columns + 1}
        for path_number, (name, path) in enumerate(paths.items()):
            figure.add_trace(
                go.Scatter(
                    x=times,
                    y=path[:, number],
                    mode="lines",
                    line={"color": colours[name], "width": 2},
                    name=escaped(name),
                    legendgroup=f"path{path_number}",
                    showlegend=number == 0,
                ),
                **place,
            )
        figure.add_hrect(
            y0=low[number], y1=high[number], fillcolor=palette.faint, opacity=0.3,
            line_width=0, layer="below", **place,
        )  # fmt: skip
        figure.update_yaxes(title_text=title, **place)
    styled(figure, palette, height=110 + 130 * rows)
    for column in range(min(columns, len(panels))):
        lowest = (len(panels) - 1 - column) // columns + 1
        figure.update_xaxes(title_text=time_title, showticklabels=True, row=lowest, col=column + 1)
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None}
    )
    return figure
