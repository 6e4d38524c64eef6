"""Violins of genes in groups: shapes from some cells, quartiles from all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.evaluation.expression.summary import SampledCells
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import names, short_names
from scdyn_core.plots.style import styled

#: Pixels of a gene; of axis and margins.
ROW, AROUND = 120, 110
#: With more genes the groups are named above them too: below is out of sight.
ON_A_SCREEN = 3


def expression_violins_figure(
    summary: pd.DataFrame, cells: SampledCells, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw one row a gene, one violin a group.

    Parameters
    ----------
    summary
        Of ``expression_summary``: gene, group (both may be hostile), cells, mean and quantiles.
    cells
        Of ``sampled_cells``, the same genes and groups.
    palette
        Colours.
    """
    groups, genes = list(summary["group"].unique()), list(cells.genes)
    figure = make_subplots(
        rows=max(len(genes), 1), shared_xaxes=True, vertical_spacing=0.12 / max(len(genes), 1)
    )
    for row, title in enumerate(short_names(genes), start=1):
        traces = [
            _violin(
                cells.values[cells.groups == group, row - 1],
                position,
                palette.categorical[position % len(palette.categorical)],
            )
            for position, group in enumerate(groups)
        ]
        traces += _quartiles(summary[summary["gene"] == genes[row - 1]], palette)
        figure.add_traces(traces, rows=row, cols=1)
        figure.update_yaxes(title_text=title, row=row, col=1)
    styled(figure, palette, height=AROUND + ROW * max(len(genes), 1))
    figure.update_xaxes(
        tickvals=list(range(len(groups))), ticktext=short_names(groups), ticks="", automargin=True,
        range=[-0.6, len(groups) - 0.4], tickangle=-45 if len(groups) > 6 else 0,
    )  # fmt: skip
    figure.update_yaxes(nticks=4, automargin=True)
    figure.update_layout(violingap=0.1, margin_t=20)
    if len(genes) > ON_A_SCREEN:
        figure.update_xaxes(showticklabels=True, side="top", row=1, col=1)
    return figure


def _violin(values: np.ndarray[tuple[int], np.dtype[np.float32]], at: int, hue: str) -> go.Violin:
    return go.Violin(
        y=values, x0=at, line={"color": hue, "width": 1}, fillcolor=hue, opacity=0.65,
        points=False, spanmode="hard", scalemode="width", width=0.85, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip


def _quartiles(own: pd.DataFrame, palette: Palette) -> list[go.Scatter]:
    """Return the bar between the quartiles and the median of every group."""
    at = np.arange(len(own))
    ends = np.stack([own["lower"], own["upper"], np.full(len(own), np.nan)], axis=1)
    return [
        go.Scatter(
            x=np.repeat(at, 3), y=ends.ravel(), mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": palette.ink, "width": 4},
        ),
        go.Scatter(
            x=at, y=own["median"], mode="markers", showlegend=False,
            marker={"size": 7, "color": palette.background, "line": {"color": palette.ink,
                                                                     "width": 1.5}},
            text=names(own["group"]),
            customdata=own[["cells", "mean", "lower", "upper", "fraction"]],
            hovertemplate="<b>%{text}</b>, %{customdata[0]:,} cells<br>median %{y:.3g}, quartiles "
            "%{customdata[2]:.3g} to %{customdata[3]:.3g}<br>mean %{customdata[1]:.3g}, above 0 in "
            "%{customdata[4]:.0%}<extra></extra>",
        ),
    ]  # fmt: skip
