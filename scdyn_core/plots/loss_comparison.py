"""The validation loss of several runs on one axis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.metric_rows import losses_of
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped


def loss_comparison_figure(
    metrics: Mapping[str, pd.DataFrame], *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the median validation loss over the replicates of each run.

    Parameters
    ----------
    metrics
        Name of a run -> its metrics (epoch_total, part, loss); names may be hostile.
    palette
        Colours.
    """
    figure = go.Figure()
    losses = [np.empty(0)]
    for position, (name, rows) in enumerate(metrics.items()):
        losses_of_run = losses_of(rows)
        if "loss" not in losses_of_run:
            continue
        validation = losses_of_run[losses_of_run["part"] == "validation"]
        curve = validation.groupby("epoch_total")["loss"].median()
        losses.append(curve.to_numpy(dtype=float))
        figure.add_trace(
            go.Scatter(
                x=curve.index,
                y=curve,
                mode="lines",
                name=escaped(name),
                line={"color": palette.categorical[position % len(palette.categorical)]},
            )
        )
    styled(figure, palette, height=320)
    figure.update_layout(showlegend=True)
    figure.update_xaxes(title_text="epoch")
    figure.update_yaxes(title_text="validation loss", **log_axis(np.concatenate(losses)))
    return figure
