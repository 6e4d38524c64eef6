"""Coefficients of the equations: terms across, equations down, sign by colour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.errors import InputError
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.terms import parse_term
from scdyn_core.plots.text import escaped


def term_label(term: str) -> str:
    """Return a term for a label; what is not in the grammar is shown letter by letter."""
    try:
        return parse_term(term).html()
    except InputError:
        return escaped(term)


#: Up to here the names of terms stand upright below their columns.
MOST_UPRIGHT = 14


def coefficient_figure(
    equations: pd.DataFrame, replicate: int, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the active coefficients of one replicate; terms active nowhere are left out.

    Parameters
    ----------
    equations
        A run's table: replicate, equation, term, coefficient, active.
    replicate
        Which replicate.
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
    styled(figure, palette, height=140 + 36 * len(numbers))
    figure.update_layout(margin={"t": 8, "b": 64})
    figure.update_xaxes(type="category", showline=False, ticks="", title_text="term")
    figure.update_xaxes(tickangle=0 if len(terms) <= MOST_UPRIGHT else -45)
    figure.update_yaxes(type="category", autorange="reversed", showline=False, ticks="")
    return figure
