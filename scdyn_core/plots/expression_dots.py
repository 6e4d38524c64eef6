"""Dot plot: colour says how much a gene is expressed in a group, size in how many of its cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.expression_grid import AMOUNTS, colours_of, grid_bar, group_gene_axes
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import names

#: Diameter of a dot when all cells express the gene, and of the smallest that is seen.
LARGEST, SMALLEST = 20.0, 2.0
_KEY = (0.2, 0.6, 1.0)


def expression_dots_figure(
    summary: pd.DataFrame, amount: str = "mean", *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw groups down and genes across.

    Parameters
    ----------
    summary
        Of ``expression_summary``: gene, group (both may be hostile), cells, mean, scaled, fraction.
    amount
        Which of ``AMOUNTS`` the colours show.
    palette
        Colours.
    """
    groups, genes = list(summary["group"].unique()), list(summary["gene"].unique())
    row = {name: number for number, name in enumerate(groups)}
    column = {name: number for number, name in enumerate(genes)}
    figure = go.Figure(
        go.Scatter(
            x=summary["gene"].map(column),
            y=summary["group"].map(row),
            mode="markers",
            marker={
                "size": _diameters(summary["fraction"]),
                "color": summary[amount],
                **colours_of(summary, amount, palette),
                "line": {"width": 0.5, "color": palette.muted},
                "colorbar": grid_bar(AMOUNTS[amount], len(groups), palette),
            },
            text=[f"<b>{gene}</b> in {group}" for gene, group in
                  zip(names(summary["gene"]), names(summary["group"]), strict=True)],
            customdata=summary[["mean", "fraction", "cells"]],
            hovertemplate="%{text}<br>mean %{customdata[0]:.3g}<br>in %{customdata[1]:.0%} of "
            "%{customdata[2]:,} cells<extra></extra>",
            showlegend=False,
        )
    )  # fmt: skip
    group_gene_axes(figure, groups, genes, palette)
    _size_key(figure, palette)
    return figure


def _diameters(fraction: pd.Series) -> NDArray[np.float64]:
    # The area is what the eye compares.
    drawn: NDArray[np.float64] = np.sqrt(fraction.to_numpy(dtype=np.float64))
    return np.maximum(LARGEST * drawn, SMALLEST)


def _size_key(figure: go.Figure, palette: Palette) -> None:
    for share in _KEY:
        figure.add_trace(
            go.Scatter(
                x=[None], y=[None], mode="markers", name=f"{share:.0%}",
                marker={"size": LARGEST * share**0.5, "color": palette.muted},
            )
        )  # fmt: skip
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top",
                "title": {"text": "cells that express it "}, "itemsizing": "trace",
                "itemclick": False, "itemdoubleclick": False},
        margin_t=48,
    )  # fmt: skip
