"""Scores beside their baselines, one panel per metric."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.evaluation.score import Score
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

MODEL = "model"
ROW_PIXELS = 26
PANEL_PIXELS = 74
#: Pixels left of the panels, for the names of baselines.
NAMES = 190


def score_figure(scores: Sequence[Score], *, palette: Palette = LIGHT) -> go.Figure:
    """Draw every score as a dot (± sd over replicates) above its baselines.

    Parameters
    ----------
    scores
        At least one.
    palette
        Colours.
    """
    rows = [1 + len(score.baselines) for score in scores]
    heights = [PANEL_PIXELS + ROW_PIXELS * n for n in rows]
    height = sum(heights) + 20
    figure = make_subplots(
        rows=len(scores),
        cols=1,
        row_heights=[float(n) for n in rows],
        vertical_spacing=min(PANEL_PIXELS / height, 0.9 / max(len(scores) - 1, 1)),
        subplot_titles=[_title(score) for score in scores],
    )
    for row, score in enumerate(scores, start=1):
        _panel(figure, score, row, palette)
    styled(figure, palette, height=height)
    figure.update_layout(showlegend=False, margin={"l": NAMES, "t": 40, "b": 40, "r": 30})
    # Titles begin at the left edge, over the names: long ones would be cut on the right.
    figure.update_annotations(xanchor="left", x=0.0, xshift=4 - NAMES, font={"size": 13})
    figure.update_xaxes(showgrid=True, gridcolor=palette.grid)
    figure.update_yaxes(showline=False, ticks="", automargin=True)
    return figure


def _title(score: Score) -> str:
    arrow = "higher" if score.better == "higher" else "lower"
    return f"<b>{escaped(score.metric)}</b> on {escaped(score.measured_on)} ({arrow} is better)"


def _panel(figure: go.Figure, score: Score, row: int, palette: Palette) -> None:
    ordered = sorted(
        score.baselines.items(), key=lambda item: item[1], reverse=score.better == "lower"
    )
    names = [escaped(name) for name, _ in ordered] + [f"<b>{MODEL}</b>"]
    values = [value for _, value in ordered] + [score.value]
    worse = set(score.beaten_by())
    colours = [palette.diverging[-3] if name in worse else palette.baseline for name, _ in ordered]
    error = [0.0] * len(ordered) + [score.replicate_sd or 0.0]
    figure.add_trace(
        go.Scatter(
            x=values,
            y=names,
            mode="markers",
            marker={
                "size": [9] * len(ordered) + [13],
                "color": [*colours, palette.model],
                "symbol": ["circle"] * len(ordered) + ["diamond"],
            },
            error_x={"array": error, "color": palette.model, "thickness": 1.5, "width": 4},
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
        ),
        row=row,
        col=1,
    )
