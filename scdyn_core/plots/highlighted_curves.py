"""Genes of interest among the curves of others: in ink, with their names at the end."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.label_spread import spread
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import escaped
from scdyn_core.plots.time_axis import TimeAxis

#: Least distance of two names, in shares of the axis.
APART = 0.09
_OF_INTEREST = "gene of interest"
#: Marks on the curves, and before their names.
SYMBOLS = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆", "cross": "✚",
           "star": "★", "triangle-down": "▼", "x": "✖"}  # fmt: skip


def add_highlighted_curves(
    figure: go.Figure,
    picked: pd.DataFrame,
    axis: TimeAxis,
    place: dict[str, int],
    palette: Palette,
) -> None:
    """Draw genes of interest (rows; times in columns) in one panel, each with a mark of its own."""
    x, looks = axis.place(picked.columns), list(SYMBOLS.items())
    for position, gene in enumerate(picked.index):
        symbol, letter = looks[position % len(looks)]
        figure.add_trace(
            go.Scatter(
                x=x, y=picked.loc[gene], mode="lines+markers", name=f"{letter} {escaped(gene)}",
                line={"color": palette.ink, "width": 1.5},
                marker={"symbol": symbol, "size": 7, "color": palette.ink},
                text=[f"{time:g}" for time in picked.columns],
                hovertemplate="<b>%{fullData.name}</b> at %{text}: %{y:.2f}<extra></extra>",
                showlegend=False, meta=_OF_INTEREST,
            ), **place,
        )  # fmt: skip


def highlighted(figure: go.Figure) -> list[go.Scatter]:
    """Return the highlighted curves of a figure."""
    return [trace for trace in figure.data if trace.meta == _OF_INTEREST]


def write_curve_names(figure: go.Figure, low: float, high: float, palette: Palette) -> None:
    """Write the names of highlighted curves right of their ends, moved apart.

    Parameters
    ----------
    low, high
        Range of every panel's value axis.
    """
    named = highlighted(figure)
    for panel in dict.fromkeys(trace.xaxis for trace in named):
        own = [trace for trace in named if trace.xaxis == panel]
        ends = np.array([float(np.asarray(trace.y)[-1]) for trace in own])
        places = spread(np.nan_to_num(ends), APART * (high - low), low, high)
        for trace, place in zip(own, places, strict=True):
            figure.add_annotation(
                x=float(np.asarray(trace.x)[-1]), y=float(place), xref=trace.xaxis,
                yref=trace.yaxis, text=trace.name, showarrow=False, xanchor="left", xshift=9,
                font={"size": 11, "color": palette.ink},
            )  # fmt: skip
