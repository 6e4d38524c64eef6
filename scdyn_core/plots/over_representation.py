"""Gene sets × clusters: how much more of a set is in a cluster than to expect, and how surely."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.cluster_colours import cluster_name
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.set_grid import set_grid
from scdyn_core.plots.style import colour_bar
from scdyn_core.plots.text import escaped

#: Adjusted p-values below this are drawn no larger.
SMALLEST_P = 1e-8
SURE = 0.05


def over_representation_figure(
    found: pd.DataFrame, *, most: int = 20, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the gene sets with the smallest p-values in any cluster.

    Parameters
    ----------
    found
        A run's table ``over_representation``: cluster, gene_set, matched, overlap, expected, fold,
        p_adjusted, genes. Names may be hostile. Pairs without a common gene are not drawn.
    most
        Gene sets to draw.
    palette
        Colours.
    """
    best = found.groupby("gene_set")["p"].min().nsmallest(most)
    clusters = sorted(int(number) for number in found["cluster"].unique())
    # A set stands by the cluster it is surest in, so that the dots run down a diagonal.
    surest = found.loc[found.groupby("gene_set")["p"].idxmin()].set_index("gene_set")["cluster"]
    sets = sorted(best.index, key=lambda name: (surest[name], best[name]))
    rows = found[found["gene_set"].isin(sets) & (found["overlap"] > 0)]
    evidence = -np.log10(rows["p_adjusted"].clip(lower=SMALLEST_P).to_numpy(dtype=np.float64))
    sure = (rows["p_adjusted"] <= SURE).to_numpy()
    figure = go.Figure(
        go.Scatter(
            x=[clusters.index(int(number)) for number in rows["cluster"]],
            y=[sets.index(name) for name in rows["gene_set"]],
            mode="markers",
            marker={
                "size": 6 + 16 * np.sqrt(evidence / -np.log10(SMALLEST_P)),
                "color": np.log2(rows["fold"].to_numpy(dtype=np.float64)),
                "colorscale": palette.scale(palette.diverging),
                "cmin": -3,
                "cmax": 3,
                "line": {
                    "width": np.where(sure, 2.0, 0.5),
                    "color": np.where(sure, palette.ink, palette.muted),
                },
                "colorbar": colour_bar("fold, log2", palette),
            },
            text=[
                f"{escaped(name)} in {cluster_name(int(number))}<br>{escaped(genes)}"
                for name, number, genes in zip(
                    rows["gene_set"], rows["cluster"], rows["genes"], strict=True
                )
            ],
            customdata=rows[["overlap", "expected", "fold", "p_adjusted"]],
            hovertemplate="%{text}<br>%{customdata[0]} genes, %{customdata[1]:.1f} to expect "
            "(%{customdata[2]:.2g}-fold)<br>adjusted p %{customdata[3]:.2g}<extra></extra>",
            showlegend=False,
        )
    )
    set_grid(figure, sets, [str(number) for number in clusters], "cluster", palette)
    return figure
