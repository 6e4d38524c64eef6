"""Genes over time in one group of cells beside another: conditions or cell types."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.observed_points import (
    EXPRESSION,
    expression_range,
    group_hues,
    known_genes,
    observed_trace,
)
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped
from scdyn_core.plots.time_axis import TimeAxis, TimeScale

ALL_CELLS = "all cells"
_ROW_PIXELS, _EDGES = 190, 150


def gene_groups_figure(
    curves: pd.DataFrame,
    genes: Sequence[str],
    groups: Sequence[str],
    *,
    time_scale: TimeScale = "auto",
    time_title: str = "time",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw genes (rows) in every group (columns), with all cells together dotted behind.

    Parameters
    ----------
    curves
        A run's table: gene, group, time, cells, expression, se.
    genes, groups
        Names (may be hostile), at least one group; a row has one axis of expression. Genes the
        run does not have are left out.
    time_scale, time_title
        See ``TimeAxis``.
    palette
        Colours.
    """
    genes = known_genes(genes, curves)
    axis = TimeAxis.of(curves["time"], time_scale)
    height = _EDGES + _ROW_PIXELS * len(genes)
    figure = make_subplots(
        max(len(genes), 1), len(groups), shared_yaxes=True, horizontal_spacing=0.03,
        vertical_spacing=min(24 / height, 0.9 / max(len(genes) - 1, 1)),
        column_titles=[f"<b>{escaped(group)}</b>" for group in groups],
    )  # fmt: skip
    styled(figure, palette, height=height)
    hues = group_hues(groups, palette)
    for row, gene in enumerate(genes, start=1):
        own = curves[curves["gene"] == gene]
        whole = own[own["group"] == "all"].sort_values("time")
        for column, group in enumerate(groups, start=1):
            behind = go.Scatter(
                x=axis.place(whole["time"]), y=whole["expression"], mode="lines",
                line={"color": palette.muted, "width": 1.4, "dash": "dot"}, name=ALL_CELLS,
                showlegend=row == column == 1, hoverinfo="skip",
            )  # fmt: skip
            trace = observed_trace(
                own[own["group"] == group], axis, colour=hues[group], name=group, lines=True
            )
            trace.showlegend = False
            for each in (behind, trace):
                figure.add_trace(each, row=row, col=column)
        bounds = expression_range(own[own["group"].isin(["all", *groups])])
        figure.update_yaxes(range=bounds, row=row)
        figure.update_yaxes(title_text=f"<b>{escaped(gene)}</b><br>{EXPRESSION}", row=row, col=1)
    settings = axis.settings(time_title, clear=0.05 * len(groups))
    title = settings.pop("title_text")
    figure.update_xaxes(showticklabels=False, **settings)
    figure.update_xaxes(title_text=title, showticklabels=True, row=max(len(genes), 1))
    legend_at_bottom(figure)
    return figure
