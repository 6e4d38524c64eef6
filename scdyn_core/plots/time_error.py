"""Error of the predicted population at each step of time, beside the baselines."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_below, styled
from scdyn_core.plots.text import escaped


def time_error_figure(steps: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the median over replicates for every step that counts; no change is the line at 1.

    Parameters
    ----------
    steps
        A run's table: replicate, model, step, time, next_time, error. The first model named is
        the one that was learned.
    palette
        Colours.
    """
    figure = go.Figure()
    first = steps.drop_duplicates("step")
    steps = steps[steps["counts"].astype(bool)]
    looks = [(palette.model, "solid"), (palette.baseline, "solid"), (palette.baseline, "dot")]
    for model, (colour, dash) in zip(dict.fromkeys(steps["model"]), looks, strict=False):
        rows = steps[steps["model"] == model].groupby("step")["error"]
        middle, spread = rows.median(), rows.agg(["min", "max"])
        figure.add_trace(
            go.Scatter(
                x=middle.index,
                y=middle,
                mode="lines+markers",
                name=escaped(model),
                line={"color": colour, "dash": dash, "width": 2},
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": spread["max"] - middle,
                    "arrayminus": middle - spread["min"],
                    "thickness": 1,
                },
            )
        )
    figure.add_hline(y=1.0, line={"color": palette.muted, "width": 1, "dash": "dash"},
                     annotation_text="no change", annotation_position="top right")  # fmt: skip
    styled(figure, palette, height=340)
    legend_below(figure)
    labels = [
        f"{now:.3g} → {then:.3g}"
        for now, then in zip(first["time"], first["next_time"], strict=True)
    ]
    figure.update_xaxes(title_text="step (time → next time)", tickvals=first["step"],
                        ticktext=labels)  # fmt: skip
    figure.update_yaxes(title_text="distance left / without motion", rangemode="tozero")
    figure.update_layout(legend_y=-0.24)
    return figure
