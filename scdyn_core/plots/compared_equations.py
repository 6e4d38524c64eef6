"""Coefficients of several runs in the same latents: one panel an equation, a row a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.coefficient_map import MOST_UPRIGHT, term_label
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.text import escaped

#: Pixels of a row, between panels, and of what is no panel.
_ROW, _BETWEEN, _EDGES = 26, 40, 130
KEYS = ("equation", "term")


def compared_equations_figure(coefficients: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the coefficients of every run; what a run leaves out is empty.

    Parameters
    ----------
    coefficients
        equation, term, then a column a run (names may be hostile): 0 where a term is not active,
        NaN where the run has no such equation.
    palette
        Colours.
    """
    runs = [name for name in coefficients.columns if name not in KEYS]
    numbers = sorted(coefficients["equation"].unique())
    terms = sorted(coefficients["term"].unique(), key=lambda term: (len(term), term))
    values = coefficients[runs].to_numpy(dtype=np.float64)
    largest = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
    panels = [_panel(coefficients, number, runs, terms) for number in numbers]
    rows = [max(len(panel), 1) * _ROW for panel in panels]
    height = sum(rows) + _BETWEEN * len(rows)
    figure = make_subplots(
        max(len(numbers), 1), 1, shared_xaxes=True, row_heights=rows or None,
        vertical_spacing=_BETWEEN / height if len(numbers) > 1 else None,
        subplot_titles=[f"dz<sub>{number}</sub>/dt" for number in numbers],
    )  # fmt: skip
    for row, panel in enumerate(panels, start=1):
        figure.add_trace(
            go.Heatmap(
                x=[term_label(str(term)) for term in terms],
                y=[escaped(name) for name in panel.index],
                z=panel.where(panel != 0).to_numpy(dtype=np.float64),
                coloraxis="coloraxis",
                texttemplate="%{z:.2g}" if len(terms) <= 24 else None,
                xgap=1,
                ygap=1,
                hoverongaps=False,
                hovertemplate="%{y}: %{z:.3g} × %{x}<extra></extra>",
            ),
            row=row,
            col=1,
        )
    styled(figure, palette, height=_EDGES + height)
    figure.update_layout(
        coloraxis={
            "cmin": -largest,
            "cmax": largest,
            "colorscale": palette.scale(palette.diverging),
            "colorbar": colour_bar("coefficient", palette),
        }
    )
    figure.update_annotations(x=0, xanchor="left", font={"size": 13})
    figure.update_xaxes(type="category", showline=False, ticks="",
                        tickangle=0 if len(terms) <= MOST_UPRIGHT else -45)  # fmt: skip
    figure.update_yaxes(type="category", autorange="reversed", showline=False, ticks="",
                        ticklabelstandoff=6, automargin=True)  # fmt: skip
    return figure


def _panel(
    coefficients: pd.DataFrame, number: int, runs: list[str], terms: list[str]
) -> pd.DataFrame:
    """Return a row a run that has the equation, and a column a term."""
    own = coefficients[coefficients["equation"] == number].set_index("term")[runs]
    return own.dropna(axis="columns", how="all").reindex(terms).T
