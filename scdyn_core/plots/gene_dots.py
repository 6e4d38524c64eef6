"""Dots of genes × cell types: how much a program moves each gene in each type of cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.text import escaped

LARGEST_DOT = 16.0


def gene_dots_figure(
    attributions: pd.DataFrame,
    genes: Sequence[str],
    *,
    unit: str = "expression",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw mean attributions as colour and their mean size as area.

    Parameters
    ----------
    attributions
        Rows of ``shap_decoder_types`` of one replicate and latent: gene, cell_type, mean,
        mean_abs.
    genes
        Which genes, top down.
    unit
        Unit of the attributions.
    palette
        Colours.
    """
    types = list(dict.fromkeys(attributions["cell_type"].astype(str)))
    rows = attributions[attributions["gene"].isin(genes)]
    place = {gene: number for number, gene in enumerate(genes)}
    column = {name: number for number, name in enumerate(types)}
    sizes = rows["mean_abs"].to_numpy(dtype=np.float64)
    largest = float(sizes.max()) if len(sizes) and sizes.max() > 0 else 1.0
    reach = float(np.abs(rows["mean"]).max()) if len(rows) else 1.0
    figure = go.Figure(
        go.Scatter(
            x=[column[str(name)] for name in rows["cell_type"]],
            y=[place[gene] for gene in rows["gene"]],
            mode="markers",
            marker={
                "size": LARGEST_DOT * np.sqrt(sizes / largest),
                "color": rows["mean"],
                "colorscale": palette.scale(palette.diverging),
                "cmin": -reach or -1.0,
                "cmax": reach or 1.0,
                "line": {"width": 0.5, "color": palette.muted},
                "colorbar": colour_bar(f"mean attribution ({unit})", palette),
            },
            text=[
                f"{escaped(gene)}, {escaped(name)}"
                for gene, name in zip(rows["gene"], rows["cell_type"], strict=True)
            ],
            customdata=np.column_stack([rows["mean"], sizes]),
            hovertemplate="%{text}<br>mean %{customdata[0]:.3g}, mean size %{customdata[1]:.3g}"
            "<extra></extra>",
        )
    )
    styled(figure, palette, height=150 + 21 * len(genes))
    figure.update_xaxes(
        tickvals=list(range(len(types))),
        ticktext=[escaped(name) for name in types],
        range=[-0.6, len(types) - 0.4],
        tickangle=-40,
        automargin=True,
        showline=False,
        ticks="",
    )
    figure.update_yaxes(
        tickvals=list(range(len(genes))),
        ticktext=[f"<i>{escaped(gene)}</i>" for gene in genes],
        range=[len(genes) - 0.4, -0.6],
        automargin=True,
        showline=False,
        ticks="",
    )
    return figure
