"""Several genes on one plot, as change since the first time."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.observed_points import (
    FOLD_CHANGE,
    first_fitted,
    fitted_traces,
    observed_trace,
)
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.time_axis import TimeAxis, TimeScale


def gene_comparison_figure(
    curves: pd.DataFrame,
    fitted: pd.DataFrame,
    genes: Sequence[str],
    *,
    time_scale: TimeScale = "auto",
    time_title: str = "time",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw genes as log2 fold change to the fitted value at the first time.

    Observed means lose the same value as their curve, so that the first of them keeps its
    interval and shows how well the start is known.

    Parameters
    ----------
    curves, fitted
        A run's tables of these names; only the group ``all`` is drawn.
    genes
        Names (may be hostile), in the order of the legend; those without a fitted curve are
        left out.
    time_scale, time_title
        See ``TimeAxis``.
    palette
        Colours.
    """
    together = curves[curves["group"] == "all"]
    axis = TimeAxis.of(curves["time"], time_scale)
    figure = go.Figure()
    for position, gene in enumerate(genes):
        curve, own = fitted[fitted["gene"] == gene], together[together["gene"] == gene]
        if curve.empty:
            continue
        hue = palette.categorical[position % len(palette.categorical)]
        start = first_fitted(curve)
        traces = [
            *fitted_traces(curve, axis, colour=hue, name=gene, reference=start),
            observed_trace(own, axis, colour=hue, name=gene, reference=start),
        ]
        traces[-1].showlegend = False
        for trace in traces:
            trace.legendgroup = f"gene{position}"
            figure.add_trace(trace)
    styled(figure, palette, height=420)
    figure.update_xaxes(**axis.settings(time_title))
    figure.update_yaxes(
        title_text=FOLD_CHANGE, zeroline=True, zerolinecolor=palette.muted, zerolinewidth=1
    )
    return figure
