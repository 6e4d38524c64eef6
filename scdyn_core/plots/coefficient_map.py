"""Coefficients of the equations: terms across, equations down, sign by colour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.errors import InputError
from scdyn_core.evaluation.field.terms import parse_term
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.terms import term_html
from scdyn_core.plots.text import escaped


def term_label(term: str) -> str:
    """Return a term for a label; what is not in the grammar is shown letter by letter."""
    try:
        return term_html(parse_term(term))
    except InputError:
        return escaped(term)


#: Up to here the names of terms stand upright below their columns.
MOST_UPRIGHT = 14


def coefficient_figure(
    equations: pd.DataFrame,
    replicate: int,
    *,
    stability: pd.DataFrame | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the active coefficients of one replicate; terms active nowhere are left out.

    Terms that few replicates kept with one sign are pale, where ``stability`` says so.

    Parameters
    ----------
    equations
        A run's table: replicate, equation, term, coefficient, active.
    replicate
        Which replicate.
    stability
        The run's table of this name: equation, term, stability.
    palette
        Colours.
    """
    rows = equations[(equations["replicate"] == replicate) & equations["active"].astype(bool)]
    numbers = sorted(equations["equation"].unique())
    terms = [term for term in equations["term"].unique() if (rows["term"] == term).any()]
    matrix = rows.pivot_table(index="equation", columns="term", values="coefficient")
    matrix = matrix.reindex(index=numbers, columns=terms)
    values = matrix.to_numpy(dtype=float)
    largest = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
    legible = len(terms) <= 24
    figure = go.Figure(
        go.Heatmap(
            x=[term_label(str(term)) for term in terms],
            y=[f"dz<sub>{number}</sub>/dt" for number in numbers],
            z=values,
            zmin=-largest,
            zmax=largest,
            colorscale=palette.scale(palette.diverging),
            texttemplate="%{z:.2g}" if legible else None,
            xgap=1,
            ygap=1,
            colorbar=colour_bar("coefficient", palette),
            hoverongaps=False,
            hovertemplate="%{y}: %{z:.3g} × %{x}<extra></extra>",
        )
    )
    if stability is not None:
        shares = stability.pivot_table(index="equation", columns="term", values="stability")
        shares = shares.reindex(index=numbers, columns=terms).where(matrix.notna())
        figure.add_trace(_veil(figure.data[0], shares.to_numpy(dtype=float), palette))
        figure.update_traces(
            customdata=shares.to_numpy(dtype=float),
            hovertemplate="%{y}: %{z:.3g} × %{x}<br>stability %{customdata:.0%}<extra></extra>",
            selector=0,
        )
    styled(figure, palette, height=140 + 36 * len(numbers))
    figure.update_layout(margin={"t": 8, "b": 64})
    figure.update_xaxes(type="category", showline=False, ticks="", title_text="term")
    figure.update_xaxes(tickangle=0 if len(terms) <= MOST_UPRIGHT else -45)
    figure.update_yaxes(type="category", autorange="reversed", showline=False, ticks="")
    return figure


def _veil(heat: go.Heatmap, shares: NDArray[np.float64], palette: Palette) -> go.Heatmap:
    """Return a layer in the colour of the paper that hides what is not stable."""
    red, green, blue = (int(palette.background[i : i + 2], 16) for i in (1, 3, 5))
    paper = f"{red},{green},{blue}"
    return go.Heatmap(
        x=heat.x,
        y=heat.y,
        z=1.0 - shares,
        zmin=0,
        zmax=1,
        colorscale=[[0, f"rgba({paper},0)"], [1, f"rgba({paper},0.9)"]],
        xgap=1,
        ygap=1,
        showscale=False,
        hoverinfo="skip",
    )
