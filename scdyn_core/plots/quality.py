"""Figures of data quality: distributions over cells, before and after; variable genes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

_VIOLIN_CELLS = 5_000
_BINS = 60
_LABELLED_GENES = 12
#: Room for a label, as a share of the extent of the points.
_LABEL_WIDTH, _LABEL_HEIGHT = 0.14, 0.07
_TICKS = (0, *(step * 10**power for power in range(7) for step in (1, 2, 5)))


def distribution(values: pd.Series, title: str, palette: Palette, *, log: bool) -> go.Figure:
    """Draw how a measure is distributed over cells, with its median.

    Parameters
    ----------
    values
        One number per cell.
    title
        Axis title with unit; may be hostile.
    log
        Bins of equal width on a logarithmic axis; zeros are left out.
    """
    numbers = values.to_numpy(dtype=np.float64)
    shown = numbers[numbers > 0] if log else numbers
    figure = go.Figure()
    if len(shown):
        edges = _edges(shown, log=log)
        cells, _ = np.histogram(shown, bins=edges)
        centres = np.sqrt(edges[1:] * edges[:-1]) if log else (edges[1:] + edges[:-1]) / 2
        figure.add_trace(
            go.Bar(
                x=centres,
                y=cells,
                width=np.diff(edges),
                marker={"color": palette.model, "line": {"width": 0}},
                hovertemplate="%{x:.4g}: %{y} cells<extra></extra>",
            )
        )
        median = float(np.median(numbers))
        if not log or median > 0:
            figure.add_vline(x=median, line={"color": palette.ink, "dash": "dot", "width": 1.5})
        figure.update_layout(
            title={
                "text": f"median {median:,.4g}",
                "font": {"size": 12},
                "x": 0.98,
                "xanchor": "right",
            }
        )
    figure.update_xaxes(title=escaped(title), type="log" if log else "linear")
    figure.update_yaxes(title="Cells")
    figure.update_layout(bargap=0)
    return styled(figure, palette, height=260)


def before_after(
    before: pd.Series, after: pd.Series, title: str, palette: Palette, *, log: bool
) -> go.Figure:
    """Draw a measure over cells before and after preprocessing as two violins."""
    figure = go.Figure()
    for name, values, colour in (
        ("before", before, palette.baseline),
        ("after", after, palette.model),
    ):
        finite = values[np.isfinite(values)]
        shown = finite.sample(min(len(finite), _VIOLIN_CELLS), random_state=0)
        figure.add_trace(
            go.Violin(
                y=np.log10(shown + 1) if log else shown,
                name=f"{name}<br>{len(values):,} cells",
                line={"color": colour, "width": 1.5},
                box={"visible": True, "width": 0.15},
                meanline={"visible": False},
                points=False,
                spanmode="hard",
                hoverinfo="skip",
                showlegend=False,
            )
        )
    figure.update_yaxes(title=escaped(title))
    if log:
        # A violin of logarithms, labelled in the plain units.
        figure.update_yaxes(
            tickvals=[math.log10(value + 1) for value in _TICKS],
            ticktext=[f"{value:,}" for value in _TICKS],
        )
    return styled(figure, palette, height=300)


def variable_genes(genes: pd.DataFrame, palette: Palette) -> go.Figure:
    """Draw the variability of every gene against its mean; the chosen genes stand out.

    Parameters
    ----------
    genes
        Columns ``gene``, ``mean``, ``variability``, ``chosen``.
    """
    figure = go.Figure()
    for chosen, name, colour in (
        (False, "other genes", palette.faint),
        (True, "highly variable", palette.model),
    ):
        members = genes[genes["chosen"] == chosen]
        figure.add_trace(
            go.Scattergl(
                x=members["mean"],
                y=members["variability"],
                mode="markers",
                name=f"{name} ({len(members):,})",
                text=[escaped(gene) for gene in members["gene"]],
                marker={"size": 4, "color": colour, "opacity": 0.8},
                hovertemplate="%{text}<extra></extra>",
            )
        )
    top = genes[genes["chosen"]].nlargest(_LABELLED_GENES, "variability")
    for gene, mean, variability in _apart(top, genes):
        figure.add_annotation(x=mean, y=variability, text=escaped(gene), showarrow=False, yshift=9)
    figure.update_xaxes(title="Mean expression")
    figure.update_yaxes(title="Variability")
    styled(figure, palette, height=400)
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    figure.update_layout(legend=legend, margin_t=60, showlegend=True)
    return figure


def _apart(candidates: pd.DataFrame, genes: pd.DataFrame) -> list[tuple[str, float, float]]:
    """Return gene, mean and variability of the candidates whose labels do not overlap."""
    width, height = np.ptp(genes["mean"]) or 1.0, np.ptp(genes["variability"]) or 1.0
    kept: list[tuple[str, float, float]] = []
    for gene, mean, variability in candidates[["gene", "mean", "variability"]].itertuples(
        index=False, name=None
    ):
        if all(
            abs(mean - other[1]) > _LABEL_WIDTH * width
            or abs(variability - other[2]) > _LABEL_HEIGHT * height
            for other in kept
        ):
            kept.append((gene, mean, variability))
    return kept


def _edges(values: NDArray[np.float64], *, log: bool) -> NDArray[np.float64]:
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = (low / 2, high * 2) if log else (low - 0.5, high + 0.5)
    return np.geomspace(low, high, _BINS + 1) if log else np.linspace(low, high, _BINS + 1)
