"""Stability of the terms: in how many replicates each was kept."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.coefficient_map import MOST_UPRIGHT, term_label
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled


def inclusion_figure(equations: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the share of replicates in which every term is active, equation by equation.

    Parameters
    ----------
    equations
        A run's table: equation, term, inclusion (in [0, 1]).
    palette
        Colours.
    """
    shares = equations.groupby(["equation", "term"], sort=False)["inclusion"].first().unstack()
    shares = shares[[term for term in equations["term"].unique() if shares[term].max() > 0]]
    figure = go.Figure(
        go.Heatmap(
            x=[term_label(str(term)) for term in shares.columns],
            y=[f"dz<sub>{number}</sub>/dt" for number in shares.index],
            z=shares.where(shares > 0).to_numpy(dtype=float),
            zmin=0,
            zmax=1,
            colorscale=[[0, palette.background], [1, palette.model]],
            texttemplate="%{z:.0%}" if len(shares.columns) <= 20 else None,
            xgap=1,
            ygap=1,
            hoverongaps=False,
            colorbar={**colour_bar("share of replicates", palette), "tickformat": ".0%"},
            hovertemplate="%{x} in %{y}: %{z:.0%} of replicates<extra></extra>",
        )
    )
    styled(figure, palette, height=140 + 36 * len(shares))
    figure.update_layout(margin={"t": 8, "b": 64})
    figure.update_xaxes(type="category", showline=False, ticks="", title_text="term")
    figure.update_xaxes(tickangle=0 if len(shares.columns) <= MOST_UPRIGHT else -45)
    figure.update_yaxes(type="category", autorange="reversed", showline=False, ticks="")
    return figure
