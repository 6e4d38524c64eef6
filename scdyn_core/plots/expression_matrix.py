"""Matrix plot: mean expression of genes in groups, as it is or as z-scores over groups."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.expression_grid import AMOUNTS, colours_of, grid_bar, group_gene_axes, in_grid
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import names


def expression_matrix_figure(
    summary: pd.DataFrame, amount: str = "scaled", *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw groups down and genes across.

    Parameters
    ----------
    summary
        Of ``expression_summary``: gene, group (both may be hostile), mean, scaled.
    amount
        Which of ``AMOUNTS`` the colours show.
    palette
        Colours.
    """
    shown, means = in_grid(summary, amount), in_grid(summary, "mean")
    groups, genes = list(shown.index), list(shown.columns)
    colours = colours_of(summary, amount, palette)
    across = names(genes)
    figure = go.Figure(
        go.Heatmap(
            x=list(range(len(genes))),
            y=list(range(len(groups))),
            z=shown.to_numpy(),
            zmin=colours["cmin"],
            zmax=colours["cmax"],
            colorscale=colours["colorscale"],
            xgap=1,
            ygap=1,
            text=[[f"<b>{gene}</b> in {group}" for gene in across] for group in names(groups)],
            customdata=means.to_numpy(),
            hovertemplate="%{text}<br>mean %{customdata:.3g}<extra></extra>",
            colorbar=grid_bar(AMOUNTS[amount], len(groups), palette),
        )
    )
    group_gene_axes(figure, groups, genes, palette)
    return figure
