"""Axes of figures of groups × genes: groups down, genes across, both at whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.perturbation_looks import short_names
from scdyn_core.plots.style import colour_bar, styled

#: Pixels of a row; of everything above and below.
ROW, AROUND = 26, 130
#: Pixels of a colour bar beside few rows: its ticks and title need them.
SHORTEST_BAR = 140
#: What is drawn: column of a summary -> title of its colours.
AMOUNTS = {"mean": "mean expression", "scaled": "mean, z-score over groups"}


def in_grid(summary: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column of a summary as groups × genes, both in their order."""
    groups, genes = summary["group"].unique(), summary["gene"].unique()
    wide = summary.pivot(index="group", columns="gene", values=column)
    return wide.reindex(index=groups, columns=genes)


def colours_of(summary: pd.DataFrame, amount: str, palette: Palette) -> dict[str, object]:
    """Return scale and ends of the colours of an amount; z-scores have 0 in the middle."""
    values = summary[amount]
    if amount == "scaled" or values.min() < 0:
        reach = float(values.abs().max()) or 1.0
        scale = palette.scale(palette.diverging)
        return {"colorscale": scale, "cmin": -reach, "cmax": reach}
    scale = palette.scale(palette.sequential)
    return {"colorscale": scale, "cmin": 0.0, "cmax": float(values.max()) or 1.0}


def grid_bar(title: str, n_groups: int, palette: Palette) -> dict[str, Any]:
    """Return the settings of a colour bar beside rows of groups, legible beside few too."""
    length = max(SHORTEST_BAR, 0.9 * ROW * n_groups)
    return {**colour_bar(title, palette), "lenmode": "pixels", "len": length, "y": 1,
            "yanchor": "top"}  # fmt: skip


def group_gene_axes(
    figure: go.Figure, groups: Sequence[str], genes: Sequence[str], palette: Palette
) -> None:
    """Style a figure; names may be hostile."""
    styled(figure, palette, height=max(240, AROUND + ROW * len(groups)))
    figure.update_xaxes(
        tickvals=list(range(len(genes))), ticktext=short_names(list(genes)), showline=False,
        ticks="", range=[-0.6, len(genes) - 0.4], tickangle=-45 if len(genes) > 8 else 0,
        automargin=True,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(groups))), ticktext=short_names(list(groups)), showline=False,
        ticks="", range=[len(groups) - 0.4, -0.6], automargin=True,
    )  # fmt: skip
