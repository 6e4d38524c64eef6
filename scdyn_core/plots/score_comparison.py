"""Scores of several runs side by side, each with its best baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.evaluation.score import Score
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped


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
    titles = [f"<b>{escaped(metric)}</b>" for metric in metrics]
    figure = make_subplots(
        rows=1, cols=max(len(metrics), 1), subplot_titles=titles, shared_yaxes=True,
        horizontal_spacing=0.04,
    )  # fmt: skip
    for column, metric in enumerate(metrics, start=1):
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
                showlegend=column == 1,
                hovertemplate="%{text}: %{x:.3f}<extra>best baseline</extra>",
            ), row=1, col=column,
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=[score.value for _, score in found],
                y=[name for name, _ in found],
                mode="markers",
                name="model",
                marker={"symbol": "diamond", "size": 12, "color": palette.model},
                error_x={"array": [score.replicate_sd or 0.0 for _, score in found]},
                showlegend=column == 1,
                hovertemplate="%{y}: %{x:.3f}<extra>model</extra>",
            ), row=1, col=column,
        )  # fmt: skip
        figure.update_xaxes(title_text=f"{better[metric]} is better", row=1, col=column)
    styled(figure, palette, height=180 + 34 * len(runs))
    figure.update_layout(
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 0.99, "yanchor": "top",
                "yref": "container"},
        margin={"t": 64},
    )  # fmt: skip
    figure.update_annotations(font={"size": 12})
    figure.update_xaxes(showgrid=True, gridcolor=palette.grid, nticks=4)
    figure.update_yaxes(type="category", autorange="reversed", automargin=True, ticks="")
    return figure
