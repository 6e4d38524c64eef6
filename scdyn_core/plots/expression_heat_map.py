"""Heat map of genes in single cells, which stand by group."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from scdyn_core.evaluation.expression.summary import SampledCells
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import names, short_names
from scdyn_core.plots.style import colour_bar, styled

#: Pixels of a gene and around; share of values within the colours.
ROW, AROUND, WITHIN = 22, 150, 0.99


def expression_heat_map_figure(cells: SampledCells, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw genes down and cells across, with a bar in the colour of each group above.

    Parameters
    ----------
    cells
        Of ``sampled_cells``; names of genes and groups may be hostile.
    palette
        Colours.
    """
    values = np.round(cells.values.T, 3)
    low = float(np.quantile(values, 1 - WITHIN)) if values.size else 0.0
    high = float(np.quantile(values, WITHIN)) if values.size else 1.0
    signed = low < 0
    reach = max(abs(low), abs(high)) or 1.0
    titles = names(list(cells.groups))
    figure = go.Figure(
        go.Heatmap(
            y=list(range(len(cells.genes))),
            x=list(range(len(cells.cells))),
            z=values,
            zmin=-reach if signed else 0.0,
            zmax=reach,
            colorscale=palette.scale(palette.diverging if signed else palette.sequential),
            # An array: lists of lists are looked at number by number.
            customdata=np.tile(np.array(titles, dtype=object), (len(cells.genes), 1)),
            hovertemplate="<b>%{y}</b> %{z:.2f}<br>%{customdata}<extra></extra>",
            colorbar={**colour_bar("expression", palette), "len": 0.9},
        )
    )
    styled(figure, palette, height=AROUND + ROW * max(len(cells.genes), 1))
    figure.update_xaxes(showticklabels=False, showline=False, ticks="", side="top",
                        range=[-0.5, len(cells.cells) - 0.5])  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(cells.genes))), ticktext=short_names(list(cells.genes)),
        range=[len(cells.genes) - 0.5, -0.5], showline=False, ticks="", automargin=True,
    )  # fmt: skip
    _group_bars(figure, cells, palette)
    return figure


def _group_bars(figure: go.Figure, cells: SampledCells, palette: Palette) -> None:
    """Draw and name each group above its cells."""
    groups = list(dict.fromkeys(cells.groups))
    shapes, notes = [], []
    for number, (group, name) in enumerate(zip(groups, short_names(groups), strict=True)):
        own = np.flatnonzero(cells.groups == group)
        first, last = float(own[0]) - 0.5, float(own[-1]) + 0.5
        hue = palette.categorical[number % len(palette.categorical)]
        above = {"yref": "paper", "yanchor": 1, "ysizemode": "pixel", "y0": 4, "y1": 14}
        shapes.append({"type": "rect", "x0": first, "x1": last, "fillcolor": hue, "line_width": 0,
                       **above})  # fmt: skip
        shapes.append({"type": "line", "x0": first, "x1": first, "yref": "paper", "y0": 0, "y1": 1,
                       "line": {"color": palette.background, "width": 1.5}})  # fmt: skip
        notes.append({"text": name, "x": (first + last) / 2, "yref": "paper", "y": 1, "yshift": 18,
                      "showarrow": False, "xanchor": "left", "yanchor": "bottom",
                      "textangle": -35, "font": {"size": 11}})  # fmt: skip
    figure.update_layout(shapes=shapes, annotations=notes, margin={"t": 100, "b": 20})
