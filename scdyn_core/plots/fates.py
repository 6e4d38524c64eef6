"""Where simulated cells end, before and after a change of the equations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_below, styled
from scdyn_core.plots.text import escaped


def fate_figure(fates: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the share of cells by the type around their end, one bar for each set of equations.

    Parameters
    ----------
    fates
        Columns equations, type (may be hostile), cells, share; the first equations named are
        those that were learned.
    palette
        Colours.
    """
    figure = go.Figure()
    names = list(dict.fromkeys(fates["equations"]))
    shares = fates.pivot_table(index="type", columns="equations", values="share").fillna(0.0)
    order = shares.sort_values(names[0], ascending=True).index
    for name, colour in zip(names, (palette.baseline, palette.model), strict=False):
        values = shares.loc[order, name].to_numpy(dtype=float)
        figure.add_trace(
            go.Bar(
                y=[escaped(group) for group in order],
                x=values,
                orientation="h",
                name=escaped(name),
                marker={"color": colour},
                hovertemplate="%{y}: %{x:.1%}<extra>%{fullData.name}</extra>",
            )
        )
    if len(names) > 1:
        _differences(figure, shares.loc[order, names[:2]], palette)
    styled(figure, palette, height=140 + 44 * len(order))
    legend_below(figure)
    figure.update_layout(barmode="group", bargap=0.3, legend={"traceorder": "normal", "y": -0.22})
    most = float(shares.to_numpy().max(initial=0.0))
    figure.update_xaxes(
        title_text="share of the simulated cells", tickformat=".0%", range=[0, min(most + 0.2, 1.2)]
    )
    figure.update_yaxes(type="category", automargin=True, ticks="")
    return figure


def _differences(figure: go.Figure, shares: pd.DataFrame, palette: Palette) -> None:
    for group, (before, after) in zip(shares.index, shares.to_numpy(), strict=True):
        if round(100 * (after - before)) == 0:
            continue
        figure.add_annotation(
            x=max(before, after), y=escaped(group), text=f"{100 * (after - before):+.0f} points",
            showarrow=False, xanchor="left", xshift=6, font={"size": 12, "color": palette.ink},
        )  # fmt: skip


def gene_change_figure(changes: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the genes that end highest and lowest compared with the learned equations.

    Parameters
    ----------
    changes
        Columns gene (may be hostile) and change (sd of the gene), in any order.
    palette
        Colours.
    """
    rows = changes.sort_values("change")
    values = rows["change"].to_numpy(dtype=float)
    ends = palette.diverging
    figure = go.Figure(
        go.Bar(
            y=[escaped(gene) for gene in rows["gene"]],
            x=values,
            orientation="h",
            marker={"color": np.where(values > 0, ends[-3], ends[2])},
            hovertemplate="%{y}: %{x:+.2f} sd<extra></extra>",
        )
    )
    styled(figure, palette, height=110 + 19 * len(rows))
    figure.update_xaxes(title_text="change at the end (sd of the gene)", zeroline=True,
                        zerolinecolor=palette.ink)  # fmt: skip
    figure.update_yaxes(type="category", automargin=True, ticks="", tickfont={"size": 11})
    return figure
