"""Scores of several runs side by side, each with its best baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.evaluation.score import Score
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

#: Panels beside each other, and letters of a line of their titles.
COLUMNS, LETTERS = 4, 22
#: Pixels of the margins, of what a row of panels needs beside its runs, and of a run.
_EDGES, _PANEL, _RUN = 96.0, 104.0, 34.0


def best_baseline(score: Score) -> tuple[str, float] | None:
    """Return the strongest baseline of a score, or ``None`` when it has none."""
    if not score.baselines:
        return None
    choose = max if score.better == "higher" else min
    return choose(score.baselines.items(), key=lambda item: item[1])


def comparison_figure(
    runs: Mapping[str, Sequence[Score]], *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw one panel per metric: each run's score, and a tick at its best baseline.

    Parameters
    ----------
    runs
        Name of a run -> its scores; names may be hostile.
    palette
        Colours.
    """
    metrics = list(dict.fromkeys(score.metric for scores in runs.values() for score in scores))
    better = {score.metric: score.better for scores in runs.values() for score in scores}
    columns, rows = min(max(len(metrics), 1), COLUMNS), max(-(-len(metrics) // COLUMNS), 1)
    height = _EDGES + rows * (_PANEL + _RUN * len(runs))
    figure = make_subplots(
        rows=rows, cols=columns, shared_yaxes=True, horizontal_spacing=0.04,
        vertical_spacing=_PANEL / (height - _EDGES) if rows > 1 else None,
        subplot_titles=[_title(metric, better[metric]) for metric in metrics],
    )  # fmt: skip
    for position, metric in enumerate(metrics):
        place = {"row": position // COLUMNS + 1, "col": position % COLUMNS + 1}
        found = [
            (escaped(name), score)
            for name, scores in runs.items()
            for score in scores
            if score.metric == metric
        ]
        marks = [(name, best) for name, score in found if (best := best_baseline(score))]
        figure.add_trace(
            go.Scatter(
                x=[best[1] for _, best in marks],
                y=[name for name, _ in marks],
                text=[escaped(best[0]) for _, best in marks],
                mode="markers",
                name="best baseline",
                marker={"symbol": "line-ns-open", "size": 16, "color": palette.baseline,
                        "line": {"width": 3}},
                showlegend=position == 0,
                hovertemplate="%{text}: %{x:.3f}<extra>best baseline</extra>",
            ), **place,
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=[score.value for _, score in found],
                y=[name for name, _ in found],
                mode="markers",
                name="model",
                marker={"symbol": "diamond", "size": 12, "color": palette.model},
                error_x={"array": [score.replicate_sd or 0.0 for _, score in found]},
                showlegend=position == 0,
                hovertemplate="%{y}: %{x:.3f}<extra>model</extra>",
            ), **place,
        )  # fmt: skip
    styled(figure, palette, height=height)
    figure.update_layout(
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 0.99, "yanchor": "top",
                "yref": "container"},
        margin={"t": 92},
    )  # fmt: skip
    figure.update_annotations(font={"size": 12})
    figure.update_xaxes(showgrid=True, gridcolor=palette.grid, nticks=4, tickangle=0)
    figure.update_yaxes(
        type="category", categoryarray=[escaped(name) for name in runs], automargin=True, ticks="",
        range=[len(runs) - 0.5, -0.5],
    )  # fmt: skip
    return figure


def _title(metric: str, better: str) -> str:
    lines = [f"<b>{escaped(line)}</b>" for line in wrap(metric, LETTERS)]
    return "<br>".join([*lines, f"{escaped(better)} is better"])
