"""Simulated paths over time, one panel per latent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

Values = NDArray[np.float64]


def trajectory_figure(
    times: Values, paths: Mapping[str, Values], latent: Values, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw each latent over time, with the range of the cells behind it.

    Parameters
    ----------
    times
        Shape ``(n,)``, in the time unit of the derivative.
    paths
        Name of a start (may be hostile) -> path, shape ``(n, d)``; NaN after it left the box.
    latent
        Cells, shape ``(cells, d)``: their central 95 % is shaded.
    palette
        Colours.
    """
    dimension = latent.shape[1]
    figure = make_subplots(rows=dimension, cols=1, shared_xaxes=True, vertical_spacing=0.05)
    low, high = np.quantile(latent, [0.025, 0.975], axis=0)
    for row in range(dimension):
        for number, (name, path) in enumerate(paths.items()):
            hue = palette.categorical[(number + 2) % len(palette.categorical)]
            figure.add_trace(
                go.Scatter(
                    x=times,
                    y=path[:, row],
                    mode="lines",
                    line={"color": hue, "width": 2},
                    name=escaped(name),
                    showlegend=False,
                ),
                row=row + 1,
                col=1,
            )
        figure.add_hrect(
            y0=low[row], y1=high[row], row=row + 1, col=1, fillcolor=palette.faint, opacity=0.3,
            line_width=0, layer="below",
        )  # fmt: skip
        figure.update_yaxes(title_text=f"z<sub>{row + 1}</sub> (sd)", row=row + 1, col=1)
    styled(figure, palette, height=100 + 130 * dimension)
    figure.update_xaxes(title_text="time (unit of the velocity)", row=dimension, col=1)
    return figure
