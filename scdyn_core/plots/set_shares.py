"""How large a part of every sample a group of cells is: one point a sample."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import names, short_names
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

#: Samples told apart by colour; more are all alike.
MOST_COLOURS = 12
#: How far points of a group stand apart.
_WIDTH = 0.5


def set_shares_figure(counted: pd.DataFrame, column: str, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw groups down, the share of each sample's cells across, and their median as a line.

    Colours are those of the bars of the composition, whose legend stands beside it.

    Parameters
    ----------
    counted
        Of ``set_composition``: group, part (both may be hostile), cells, of_part.
    column
        What the parts are; may be hostile.
    palette
        Colours.
    """
    # In the order, and so in the colours, of the bars of composition.
    groups, parts = (
        list(counted.groupby(name)["cells"].sum().sort_values(ascending=False).index)
        for name in ("group", "part")
    )
    place = {name: number for number, name in enumerate(groups)}
    told_apart = len(parts) <= MOST_COLOURS
    figure = go.Figure()
    medians = 100 * counted.groupby("group")["of_part"].median()[groups].to_numpy()
    ends = [[place[name] - 0.35, place[name] + 0.35, np.nan] for name in groups]
    figure.add_trace(
        go.Scatter(
            x=np.repeat(medians, 3), y=np.ravel(ends), mode="lines", hoverinfo="skip",
            name="median", showlegend=False, line={"color": palette.ink, "width": 2},
        )
    )  # fmt: skip
    for number, (part, name) in enumerate(zip(parts, names(parts), strict=True)):
        own = counted[counted["part"] == part]
        hues = palette.categorical
        figure.add_trace(
            go.Scatter(
                x=100 * own["of_part"],
                y=own["group"].map(place) + _WIDTH * ((number + 0.5) / len(parts) - 0.5),
                mode="markers", name=name, showlegend=False,
                marker={"size": 9, "opacity": 0.85,
                        "color": hues[number % len(hues)] if told_apart else palette.model},
                text=names(own["group"]), customdata=own["cells"],
                hovertemplate="%{text}: %{x:.2f} %, %{customdata:,} cells<extra>"
                "%{fullData.name}</extra>",
            )
        )  # fmt: skip
    styled(figure, palette, height=max(220, 110 + 30 * len(groups)))
    figure.update_yaxes(
        tickvals=list(range(len(groups))), ticktext=short_names(groups), ticks="",
        range=[len(groups) - 0.4, -0.6], automargin=True,
    )  # fmt: skip
    figure.update_xaxes(
        title_text=f"Cells of each {escaped(column)} in the group (%)", rangemode="tozero"
    )
    return figure
