"""A quantity of every program in every cell type: mean ± sd, one panel a program."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped


def type_profile_figure(
    profile: pd.DataFrame,
    *,
    mean: str,
    sd: str,
    title: str,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw mean and standard deviation over cells, type by type.

    Parameters
    ----------
    profile
        One row a latent and cell type: latent, cell_type and the two columns.
    mean, sd
        Columns to draw.
    title
        Title of the horizontal axes, with its unit.
    palette
        Colours.
    """
    latents = sorted(int(number) for number in profile["latent"].unique())
    types = list(dict.fromkeys(profile["cell_type"].astype(str)))
    place = {name: number for number, name in enumerate(types)}
    figure = make_subplots(
        cols=len(latents), shared_yaxes=True, horizontal_spacing=min(0.04, 0.4 / len(latents)),
        subplot_titles=[f"z<sub>{latent}</sub>" for latent in latents],
    )  # fmt: skip
    for column, latent in enumerate(latents, start=1):
        rows = profile[profile["latent"] == latent]
        figure.add_trace(
            go.Scatter(
                x=rows[mean],
                y=[place[str(name)] for name in rows["cell_type"]],
                error_x={"array": rows[sd], "color": palette.muted, "thickness": 1.5, "width": 0},
                mode="markers",
                marker={
                    "size": 9,
                    "color": [
                        palette.categorical[place[str(name)] % len(palette.categorical)]
                        for name in rows["cell_type"]
                    ],
                },
                text=[escaped(name) for name in rows["cell_type"]],
                customdata=rows[sd],
                hovertemplate="%{text}: %{x:.3g} ± %{customdata:.2g}<extra></extra>",
                showlegend=False,
            ),
            row=1,
            col=column,
        )
        figure.add_vline(x=0, line={"color": palette.grid, "width": 1}, row=1, col=column)
    styled(figure, palette, height=130 + 26 * len(types))
    figure.update_xaxes(title_text=escaped(title), nticks=5)
    figure.update_yaxes(showline=False, ticks="", automargin=True)
    figure.update_yaxes(
        tickvals=list(range(len(types))),
        ticktext=[escaped(name) for name in types],
        range=[len(types) - 0.5, -0.5],
    )
    return figure
