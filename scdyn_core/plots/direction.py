"""Which way cells move at the boundaries between cell types, by data, model and baseline."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_below, styled
from scdyn_core.plots.text import escaped

ROW_PIXELS = 44
DATA = "data"


def direction_figure(
    direction: pd.DataFrame, *, model: str = "CLERA", palette: Palette = LIGHT
) -> go.Figure:
    """Draw the mean cosine to the known way over each boundary; right of 0 is the right way.

    Parameters
    ----------
    direction
        A run's table: edge, field, replicate, cosine, right, cells.
    model
        The field drawn as the model, with a dot for every replicate.
    palette
        Colours.
    """
    found = direction[direction["cells"] > 0]
    cells = dict(zip(found["edge"], found["cells"], strict=True))
    figure = go.Figure()
    for field, rows in found.groupby("field", sort=False):
        colour, symbol = {
            model: (palette.model, "diamond"),
            DATA: (palette.ink, "circle-open"),
        }.get(str(field), (palette.baseline, "circle"))
        figure.add_trace(
            go.Scatter(
                x=rows["cosine"],
                y=[_label(edge, cells[edge]) for edge in rows["edge"]],
                mode="markers",
                name=escaped(field),
                marker={"size": 12, "color": colour, "symbol": symbol, "line": {"width": 2}},
                customdata=rows["right"],
                hovertemplate="%{y}: cosine %{x:.2f}, %{customdata:.0%} of the cells the right "
                "way<extra>%{fullData.name}</extra>",
            )
        )
    styled(figure, palette, height=150 + ROW_PIXELS * len(cells))
    figure.update_layout(showlegend=True)
    legend_below(figure)
    figure.update_layout(legend={"y": -90 / (150 + ROW_PIXELS * len(cells))}, margin={"b": 100})
    figure.update_xaxes(
        title_text="mean cosine to the known way (genes)",
        range=[-1.05, 1.05],
        showgrid=True,
        gridcolor=palette.grid,
        zeroline=True,
        zerolinecolor=palette.ink,
    )
    figure.update_yaxes(type="category", autorange="reversed", automargin=True, ticks="")
    return figure


def _label(edge: object, cells: int) -> str:
    return f"{escaped(edge)} ({cells} cells)"
