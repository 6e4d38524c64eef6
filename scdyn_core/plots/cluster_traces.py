"""What is drawn of one cluster of genes: its members, their band, their mean, its marks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.cluster_colours import cluster_colour, cluster_name, translucent
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import escaped
from scdyn_core.plots.time_axis import TimeAxis

#: Marks of a mean curve: column of ``cluster_summary``, words, symbol.
MARKS = (
    ("onset_time", "onset (half of the change)", "circle-open"),
    ("peak_time", "largest change", "diamond"),
)


def member_curves(
    members: pd.DataFrame, axis: TimeAxis, number: int, palette: Palette
) -> go.Scatter:
    """Return thin curves of genes (times in columns) as one trace, with a gap between two."""
    n = len(members)
    x = np.tile([*axis.place(members.columns), np.nan], n)
    y = np.column_stack([members.to_numpy(), np.full(n, np.nan)]).ravel()
    labels = [escaped(gene) for gene in members.index]
    times = [*(f"{time:g}" for time in members.columns), ""]
    return go.Scatter(
        x=x, y=y, mode="lines", opacity=0.4,
        line={"color": cluster_colour(number, palette), "width": 0.8},
        text=[f"{label} at {time}" for label in labels for time in times],
        hovertemplate="<b>%{text}</b>: %{y:.2f}<extra></extra>", showlegend=False,
        name=f"{cluster_name(number)}, genes",
    )  # fmt: skip


def band_and_mean(
    curve: pd.DataFrame, axis: TimeAxis, number: int, palette: Palette
) -> list[go.Scatter]:
    """Return the band and the mean of the rows of ``cluster_curves`` of one cluster."""
    colour, name = cluster_colour(number, palette), cluster_name(number)
    x = axis.place(curve["time"])
    band = go.Scatter(
        x=[*x, *x[::-1]], y=[*curve["high"], *curve["low"][::-1]], mode="lines", fill="toself",
        fillcolor=translucent(colour, 0.22), line={"width": 0}, hoverinfo="skip",
        showlegend=False, name=f"{name}, 5 to 95 % of genes",
    )  # fmt: skip
    mean = go.Scatter(
        x=x, y=curve["mean"], mode="lines+markers", name=f"{name}, mean",
        line={"color": colour, "width": 3},
        marker={"size": 6, "color": colour, "line": {"color": palette.background, "width": 1}},
        text=[f"{time:g}" for time in curve["time"]],
        customdata=curve[["low", "high"]].to_numpy(),
        hovertemplate="mean at %{text}: %{y:.2f}<br>5 to 95 % of genes: %{customdata[0]:.2f} to "
        "%{customdata[1]:.2f}<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    return [band, mean]


def kinetic_marks(
    curve: pd.DataFrame, row: pd.Series, axis: TimeAxis, palette: Palette
) -> list[go.Scatter]:
    """Mark where the mean has made half of its largest change, and where all of it."""
    marks = []
    for column, words, symbol in MARKS:
        time = float(row[column])
        # A cluster that never leaves its first value has no onset and no peak.
        if not time > axis.times[0] or curve.empty:
            continue
        height = np.interp(time, curve["time"], curve["mean"])
        marks.append(
            go.Scatter(
                x=axis.place([time]), y=[height], mode="markers", name=words, legendgroup=column,
                showlegend=False, text=[f"{time:.3g}"],
                marker={"symbol": symbol, "size": 11, "color": palette.ink, "line": {"width": 2}},
                hovertemplate=f"{words}: %{{text}}<extra></extra>",
            )
        )  # fmt: skip
    return marks
