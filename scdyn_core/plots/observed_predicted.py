"""What was foretold of every held-out gene against what was measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.observed_points import NINETY
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.style import equal_scales, styled
from scdyn_core.plots.text import escaped

#: Above, 90 % intervals hide the points.
MOST_BARS = 150
THIS_RUN, LAST_VALUE = "this run", "last value"


def observed_predicted_figure(
    predictions: pd.DataFrame,
    task: str,
    *,
    model: str = THIS_RUN,
    genes: Sequence[str] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw predicted against observed change since the last time that was seen, 90 % intervals.

    Levels differ so much between genes that any guess near a gene's own level would lie on the
    diagonal; the change is what had to be foretold. Where the table has no predictions of
    ``last value`` the expression itself is drawn.

    Parameters
    ----------
    predictions
        A run's table: task, time, model, gene, observed, predicted, low, high, se.
    task, model
        What is drawn.
    genes
        Genes of interest (may be hostile), named if among the test genes.
    palette
        Colours.
    """
    rows = predictions[predictions["task"] == task]
    own = rows[rows["model"] == model].reset_index(drop=True)
    last = rows[rows["model"] == LAST_VALUE].set_index(["gene", "time"])["predicted"]
    changes = len(last) > 0 and model != LAST_VALUE
    before = pd.MultiIndex.from_frame(own[["gene", "time"]])
    start = last.reindex(before).to_numpy(dtype=np.float64) if changes else 0.0
    observed = own["observed"].to_numpy() - start
    predicted = own["predicted"].to_numpy() - start
    figure = go.Figure()
    ends = np.concatenate([observed, predicted])
    ends = ends[np.isfinite(ends)] if np.isfinite(ends).any() else np.array([0.0, 1.0])
    low, high = float(ends.min()), float(ends.max())
    room = 0.05 * (high - low) or 0.5
    edge = [low - room, high + room]
    figure.add_trace(
        go.Scatter(
            x=edge, y=edge, mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": palette.muted, "dash": "dash", "width": 1.2},
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=observed, y=predicted, mode="markers", showlegend=False, name=escaped(model),
            marker={"size": 7, "color": palette.model, "opacity": 0.85},
            error_x=_bars(NINETY * own["se"], NINETY * own["se"], palette),
            error_y=_bars(own["high"] - own["predicted"], own["predicted"] - own["low"], palette),
            text=[f"<b>{escaped(gene)}</b> at {time:g}"
                  for gene, time in zip(own["gene"], own["time"], strict=True)],
            hovertemplate="%{text}<br>observed %{x:.2f}, predicted %{y:.2f}<extra></extra>",
        )
    )  # fmt: skip
    styled(figure, palette, height=460)
    named = np.flatnonzero(own["gene"].isin(list(genes)).to_numpy())
    xy = np.column_stack([observed, predicted])
    add_point_labels(figure, xy, named.tolist(), own["gene"].iloc[named].tolist(), palette)
    what = "change since the last seen time" if changes else "expression"
    figure.update_xaxes(title_text=f"observed {what}, log<sub>2</sub>", range=edge)
    figure.update_yaxes(title_text=f"predicted {what}, log<sub>2</sub>", range=edge)
    equal_scales(figure)
    return figure


def _bars(up: pd.Series, down: pd.Series, palette: Palette) -> dict[str, object]:
    if len(up) > MOST_BARS:
        return {"visible": False}
    return {
        "type": "data", "symmetric": False, "array": up, "arrayminus": down,
        "color": palette.baseline, "thickness": 0.7, "width": 0,
    }  # fmt: skip
