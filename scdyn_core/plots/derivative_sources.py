"""How predictable the derivative is before any training, by source and by baseline."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped


def derivative_source_figure(
    sources: pd.DataFrame, *, part: str = "test", palette: Palette = LIGHT
) -> go.Figure:
    """Draw the share of the derivative that simple baselines explain, for every source.

    A hollow marker is the same baseline on the null: directions shuffled, everything rebuilt.

    Parameters
    ----------
    sources
        A run's table: source, baseline, part, share, null_share.
    part
        Which part of the cells.
    palette
        Colours.
    """
    rows = sources[sources["part"] == part]
    figure = go.Figure()
    for position, (source, shares) in enumerate(rows.groupby("source", sort=False)):
        hue = palette.categorical[position % len(palette.categorical)]
        names = [escaped(name) for name in shares["baseline"]]
        figure.add_trace(_markers(shares["share"], names, escaped(source), hue, "circle"))
        if shares["null_share"].notna().any():
            null = f"{escaped(source)}, shuffled"
            figure.add_trace(_markers(shares["null_share"], names, null, hue, "circle-open"))
    styled(figure, palette, height=150 + 28 * rows["baseline"].nunique())
    figure.update_layout(showlegend=True, legend_title_text="derivative from")
    figure.update_xaxes(
        title_text="share of the derivative explained", showgrid=True, gridcolor=palette.grid
    )
    figure.update_yaxes(type="category", autorange="reversed", automargin=True, ticks="")
    return figure


def _markers(shares: pd.Series, names: list[str], label: str, hue: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=shares,
        y=names,
        mode="markers",
        name=label,
        marker={"size": 11, "color": hue, "symbol": symbol, "line": {"width": 2}},
        hovertemplate="%{y}: %{x:.3f}<extra>%{fullData.name}</extra>",
    )
