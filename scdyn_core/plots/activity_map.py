"""Where on a map each program is active: one panel a program, one colour scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.points import MOST_VECTOR_POINTS, thinned
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.text import escaped

#: Panels side by side.
COLUMNS = 3
_PANEL_HEIGHT = 330


def activity_map_figure(
    frame: pd.DataFrame,
    latents: list[str],
    *,
    x: str,
    y: str,
    axis_titles: tuple[str, str],
    measured_axes: bool = True,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the cells on a map once for every latent, coloured by it.

    Parameters
    ----------
    frame
        One row per cell: ``cell``, the latents and the two columns of the map.
    latents
        Columns ``z1 …`` to colour by.
    x, y
        Columns with the position.
    axis_titles
        Titles of the axes with their units.
    measured_axes
        Whether positions mean something; a UMAP's do not and get no ticks.
    palette
        Colours.
    """
    shown = thinned(frame)
    columns = min(COLUMNS, len(latents))
    rows = -(-len(latents) // columns)
    figure = make_subplots(
        rows, columns, horizontal_spacing=0.04, vertical_spacing=0.12 / rows,
        subplot_titles=[f"z<sub>{name[1:]}</sub>" for name in latents],
    )  # fmt: skip
    values = shown[latents].to_numpy(dtype=np.float64)
    finite = np.abs(values[np.isfinite(values)])
    reach = float(np.quantile(finite, 0.98)) if len(finite) else 1.0
    trace = go.Scatter if len(shown) * len(latents) <= 2 * MOST_VECTOR_POINTS else go.Scattergl
    for number, name in enumerate(latents):
        figure.add_trace(
            trace(
                x=shown[x],
                y=shown[y],
                mode="markers",
                text=[escaped(cell) for cell in shown["cell"]],
                customdata=shown[name],
                marker={
                    "size": 3,
                    "color": shown[name],
                    "coloraxis": "coloraxis",
                    "opacity": 0.9,
                },
                hovertemplate="%{text}<br>%{customdata:.2f} sd<extra></extra>",
                showlegend=False,
            ),
            row=number // columns + 1,
            col=number % columns + 1,
        )
    styled(figure, palette, height=80 + _PANEL_HEIGHT * rows)
    figure.update_layout(
        coloraxis={
            "colorscale": palette.scale(palette.diverging),
            "cmin": -reach,
            "cmax": reach,
            "colorbar": colour_bar("activity (sd)", palette),
        }
    )
    figure.update_xaxes(title_text=axis_titles[0])
    figure.update_yaxes(title_text=axis_titles[1], col=1)
    if not measured_axes:
        figure.update_xaxes(ticks="", showticklabels=False)
        figure.update_yaxes(ticks="", showticklabels=False)
    return figure
