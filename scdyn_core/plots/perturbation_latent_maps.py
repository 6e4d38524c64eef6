"""The map of the latents, once for each latent and coloured by it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.points import MOST_POINTS
from scdyn_core.plots.style import colour_bar, styled

MOST_PANELS, COLUMNS = 12, 4
_PANEL, _EDGES = 200.0, 60.0


def latent_map_figure(
    cells: pd.DataFrame,
    latent: pd.DataFrame,
    numbers: Sequence[int],
    *,
    replicate: int = 0,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw every cell once a latent, in standard deviations from the mean of all cells.

    Parameters
    ----------
    cells
        A run's table: cell, umap_1, umap_2.
    latent
        A run's table: replicate, cell, z1 … zL.
    numbers
        Latents drawn, at most ``MOST_PANELS``.
    replicate
        Whose values.
    palette
        Colours.
    """
    numbers = list(dict.fromkeys(numbers))[:MOST_PANELS]
    own = latent[latent["replicate"] == replicate].drop(columns=["part", "replicate"])
    frame = cells[["cell", "umap_1", "umap_2"]].merge(own, on="cell", validate="one_to_one")
    values = frame[[f"z{number}" for number in numbers]]
    values = (values - values.mean()) / values.std().replace(0.0, 1.0)
    most = MOST_POINTS // max(len(numbers), 1)
    kept = np.sort(
        np.random.default_rng(0).choice(len(frame), min(len(frame), most), replace=False)
    )
    columns = max(1, min(COLUMNS, len(numbers)))
    rows = max(1, -(-len(numbers) // columns))
    figure = make_subplots(
        rows, columns, shared_xaxes="all", shared_yaxes="all", horizontal_spacing=0.02,
        vertical_spacing=min(0.12, 30 / (_PANEL * rows)),
        subplot_titles=[f"<b>latent {number}</b>" for number in numbers],
    )  # fmt: skip
    for position, number in enumerate(numbers):
        amounts = values[f"z{number}"].to_numpy()[kept]
        # The extreme ones on top: they are what a latent is about.
        order = np.argsort(np.abs(amounts), kind="stable")
        figure.add_trace(
            go.Scattergl(
                x=frame["umap_1"].to_numpy()[kept][order],
                y=frame["umap_2"].to_numpy()[kept][order],
                mode="markers", showlegend=False, hoverinfo="skip",
                marker={"size": 3.0 if len(kept) < 5_000 else 2.0, "color": amounts[order],
                        "coloraxis": "coloraxis"},
            ), row=position // columns + 1, col=position % columns + 1,
        )  # fmt: skip
    styled(figure, palette, height=_EDGES + _PANEL * rows)
    figure.update_layout(
        coloraxis={
            "cmin": -2.5, "cmax": 2.5, "colorscale": palette.scale(palette.diverging),
            "colorbar": colour_bar("value of the latent (sd of all cells)", palette),
        },
        margin={"l": 16, "r": 16, "b": 16},
    )  # fmt: skip
    figure.update_xaxes(ticks="", showticklabels=False, showline=False)
    figure.update_yaxes(ticks="", showticklabels=False, showline=False)
    figure.update_annotations(font_size=12)
    return figure
