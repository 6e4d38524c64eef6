"""Confusion matrix of the cell-type classifier: rows are shares of each true type."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.text import escaped


def confusion_figure(
    classifier: pd.DataFrame, replicate: int, part: str, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw one replicate's confusion matrix on one part of the cells.

    Parameters
    ----------
    classifier
        A run's table: replicate, part, true, predicted, cells.
    replicate, part
        Which rows.
    palette
        Colours.
    """
    rows = classifier[(classifier["replicate"] == replicate) & (classifier["part"] == part)]
    types = sorted(set(rows["true"].astype(str)) | set(rows["predicted"].astype(str)))
    counts = rows.assign(true=rows["true"].astype(str), predicted=rows["predicted"].astype(str))
    matrix = counts.pivot_table(index="true", columns="predicted", values="cells", aggfunc="sum")
    cells = matrix.reindex(index=types, columns=types).fillna(0).to_numpy(dtype=float)
    totals = cells.sum(axis=1, keepdims=True)
    shares = np.divide(cells, totals, out=np.full_like(cells, np.nan), where=totals > 0)
    labels = [escaped(name) for name in types]
    figure = go.Figure(
        go.Heatmap(
            x=labels,
            y=labels,
            z=shares,
            customdata=cells,
            zmin=0,
            zmax=1,
            colorscale=[[0, palette.background], [1, palette.model]],
            text=[[f"{share:.0%}" if share > 0 else "" for share in row] for row in shares],
            texttemplate="%{text}" if len(types) <= 14 else None,
            xgap=1,
            ygap=1,
            colorbar={**colour_bar("share of the true type", palette), "tickformat": ".0%"},
            hovertemplate="true %{y}<br>predicted %{x}<br>%{customdata:.0f} cells, "
            "%{z:.1%}<extra></extra>",
        )
    )
    styled(figure, palette, height=max(360, 160 + 26 * len(types)))
    figure.update_xaxes(type="category", title_text="predicted type", automargin=True, ticks="")
    figure.update_yaxes(
        type="category", title_text="true type", autorange="reversed", automargin=True, ticks=""
    )
    return figure
