"""Gene sets × groups of genes: how much more of a set is in a group than expected, how surely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.set_grid import set_grid
from scdyn_core.plots.style import colour_bar
from scdyn_core.plots.text import escaped

#: Adjusted p-values below this are drawn no larger.
SMALLEST_P = 1e-8
SURE = 0.05


def set_dots_figure(
    found: pd.DataFrame,
    column: pd.Series,
    across: Sequence[str],
    named: Sequence[str],
    *,
    title: str,
    most: int,
    palette: Palette,
) -> go.Figure:
    """Draw the gene sets with the smallest p-values in any group.

    Parameters
    ----------
    found
        One row a set and group: gene_set, overlap, expected, fold, p, p_adjusted, genes. Names
        may be hostile. Pairs without a common gene are not drawn.
    column
        The group of every row, counted from 0.
    across, named
        What each group is called below the figure, and in a sentence.
    title
        Of the groups.
    most
        Gene sets to draw.
    """
    best = found.groupby("gene_set")["p"].min().nsmallest(most)
    # A set stands by the group it is surest in, so that the dots run down a diagonal.
    at = found.groupby("gene_set")["p"].idxmin()
    surest = {name: int(column[row]) for name, row in at.items()}
    sets = sorted(best.index, key=lambda name: (surest[name], best[name]))
    rows = found[found["gene_set"].isin(sets) & (found["overlap"] > 0)]
    groups = [int(group) for group in column[rows.index]]
    evidence = -np.log10(rows["p_adjusted"].clip(lower=SMALLEST_P).to_numpy(dtype=np.float64))
    sure = (rows["p_adjusted"] <= SURE).to_numpy()
    figure = go.Figure(
        go.Scatter(
            x=groups,
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
                f"{escaped(name)} in {named[group]}<br>{escaped(genes)}"
                for name, group, genes in zip(rows["gene_set"], groups, rows["genes"], strict=True)
            ],
            customdata=rows[["overlap", "expected", "fold", "p_adjusted"]],
            hovertemplate="%{text}<br>%{customdata[0]} genes, %{customdata[1]:.1f} to expect "
            "(%{customdata[2]:.2g}-fold)<br>adjusted p %{customdata[3]:.2g}<extra></extra>",
            showlegend=False,
        )
    )
    set_grid(figure, sets, list(across), title, palette)
    return figure
