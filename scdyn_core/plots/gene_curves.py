"""Genes over time, each at its own level: what was measured, and what was fitted to it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.observed_points import (
    EXPRESSION,
    expression_range,
    fitted_traces,
    group_hues,
    known_genes,
    observed_trace,
)
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped
from scdyn_core.plots.time_axis import TimeAxis, TimeScale

FITTED, OBSERVED = "fitted curve, 90 % band", "observed mean, 90 % interval"
_ROW_PIXELS, _EDGES = 250, 150


def gene_curves_figure(
    curves: pd.DataFrame,
    fitted: pd.DataFrame,
    genes: Sequence[str],
    *,
    groups: Sequence[str] = ("all",),
    columns: int = 3,
    time_scale: TimeScale = "auto",
    time_title: str = "time",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw one panel a gene: observed means with 90 % intervals, fitted curve with its band.

    Parameters
    ----------
    curves, fitted
        A run's tables of these names.
    genes
        Names (may be hostile), in the order of the panels; those the run does not have are left
        out.
    groups
        Groups of cells (may be hostile), overlaid; the fitted curve belongs to ``all``.
    columns
        Panels side by side.
    time_scale, time_title
        See ``TimeAxis``.
    palette
        Colours.
    """
    genes = known_genes(genes, curves)
    axis = TimeAxis.of(curves["time"], time_scale)
    columns = max(1, min(columns, len(genes)))
    rows = max(1, -(-len(genes) // columns))
    height = _EDGES + _ROW_PIXELS * rows
    figure = make_subplots(
        rows, columns, horizontal_spacing=0.2 / columns if columns > 1 else 0,
        vertical_spacing=min(72 / height, 0.9 / max(rows - 1, 1)),
        subplot_titles=[f"<b>{escaped(gene)}</b>" for gene in genes],
    )  # fmt: skip
    styled(figure, palette, height=height)
    hues = group_hues(groups, palette)
    for position, gene in enumerate(genes):
        place = {"row": position // columns + 1, "col": position % columns + 1}
        own, curve = curves[curves["gene"] == gene], fitted[fitted["gene"] == gene]
        traces = []
        if "all" in groups and len(curve):
            traces += fitted_traces(curve, axis, colour=palette.model, name=FITTED)
        for group in groups:
            traces.append(
                observed_trace(own[own["group"] == group], axis, colour=hues[group],
                               name=OBSERVED if group == "all" else group, lines=group != "all")
            )  # fmt: skip
        for trace in traces:
            if trace.name is not None:
                trace.update(legendgroup=trace.name, showlegend=position == 0)
            figure.add_trace(trace, **place)
        figure.update_yaxes(
            range=expression_range(own[own["group"].isin(list(groups))], curve), **place
        )
    settings = axis.settings(time_title, clear=0.05 * columns)
    title = settings.pop("title_text")
    figure.update_xaxes(**settings)
    figure.update_yaxes(title_text=EXPRESSION, col=1)
    for column in range(columns):
        lowest = (len(genes) - 1 - column) // columns + 1
        figure.update_xaxes(title_text=title, row=max(lowest, 1), col=column + 1)
    legend_at_bottom(figure)
    return figure
