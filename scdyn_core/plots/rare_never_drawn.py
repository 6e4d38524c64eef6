"""Which cell types have cells that no step ever saw."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import short_names
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

MOST_TYPES = 50


def never_drawn_by_type(cells: pd.DataFrame) -> pd.DataFrame:
    """Count the cells that were never drawn.

    Parameters
    ----------
    cells
        Of a run's table ``sampling_cells``: cell_type, draws.

    Returns
    -------
    pandas.DataFrame
        cell_type, cells, never_drawn, share (of the type's cells); the largest share first.
    """
    told = cells.assign(never=cells["draws"] == 0).groupby("cell_type", sort=False, observed=True)
    counted = told["never"].agg(cells="size", never_drawn="sum").reset_index()
    counted["share"] = counted["never_drawn"] / counted["cells"]
    return counted.sort_values(["share", "cells"], ascending=[False, True], ignore_index=True)


def never_drawn_figure(counted: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the share of each type's cells that were never drawn, with their number.

    Parameters
    ----------
    counted
        Of ``never_drawn_by_type``; names may be hostile.
    palette
        Colours.
    """
    own = counted[counted["never_drawn"] > 0].head(MOST_TYPES)
    figure = go.Figure(
        go.Bar(
            y=list(range(len(own))), x=100 * own["share"], orientation="h", width=0.7,
            marker={"color": palette.model},
            text=[f"{never:,} of {cells:,}"
                  for never, cells in zip(own["never_drawn"], own["cells"], strict=True)],
            textposition="outside", cliponaxis=False,
            customdata=[f"<b>{escaped(name)}</b>" for name in own["cell_type"]],
            hovertemplate="%{customdata}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    styled(figure, palette, height=100 + 26 * max(len(own), 3))
    most = 100 * float(own["share"].max()) if len(own) else 1.0
    figure.update_xaxes(title_text="training cells of the type that were never drawn (%)",
                        range=[0, 1.15 * most])  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(own))), ticktext=short_names(own["cell_type"]), automargin=True,
        range=[max(len(own), 3) - 0.4, -0.6], ticks="",
    )  # fmt: skip
    figure.update_layout(margin={"t": 12, "r": 70})
    return figure
