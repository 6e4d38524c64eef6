"""Scores of a run's networks beside those of other estimates and of chance."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

#: What models of the run are called in ``network_scores``, and what chance is.
THIS_RUN, RANDOM = "this run", "random"
_WAYS = {"higher": "higher is better →", "lower": "← lower is better"}


def network_score_figure(scores: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw a panel per metric with a dot per model; a dashed line where chance is.

    Parameters
    ----------
    scores
        Rows of a run's table ``network_scores`` for one reference: model (may be hostile),
        metric, value, better.
    palette
        Colours.
    """
    metrics = list(dict.fromkeys(scores["metric"].astype(str)))
    models = [model for model in dict.fromkeys(scores["model"].astype(str)) if model != RANDOM]
    figure = make_subplots(
        1, max(len(metrics), 1), shared_yaxes=True, horizontal_spacing=0.06,
        subplot_titles=[f"<b>{escaped(metric)}</b>" for metric in metrics] or None,
    )  # fmt: skip
    for column, metric in enumerate(metrics, start=1):
        rows = scores[scores["metric"] == metric].drop_duplicates("model")
        own = dict(zip(rows["model"].astype(str), rows["value"].astype(float), strict=True))
        _dots(figure, own, models, column, palette)
        if RANDOM in own:
            figure.add_vline(
                x=own[RANDOM], row=1, col=column,
                line={"color": palette.muted, "dash": "dash", "width": 1.4},
            )  # fmt: skip
        better = str(rows["better"].iloc[0])
        figure.update_xaxes(title_text=_WAYS.get(better, ""), rangemode="tozero", col=column)
    styled(figure, palette, height=150 + 28 * max(len(models), 2))
    figure.update_xaxes(nticks=5, showgrid=True, gridcolor=palette.grid)
    figure.update_yaxes(
        tickvals=list(range(len(models))), showline=False, ticks="", automargin=True,
        ticktext=[_bold(model) for model in models], range=[len(models) - 0.4, -0.6],
    )  # fmt: skip
    return figure


def _dots(
    figure: go.Figure, own: Mapping[str, float], models: list[str], column: int, palette: Palette
) -> None:
    known = [(at, model) for at, model in enumerate(models) if model in own]
    mine = [model.startswith(THIS_RUN) for _, model in known]
    figure.add_trace(
        go.Scatter(
            x=[own[model] for _, model in known], y=[at for at, _ in known],
            mode="markers", showlegend=False, cliponaxis=False,
            marker={"opacity": 1.0, "size": [13 if top else 9 for top in mine],
                    "symbol": ["diamond" if top else "circle" for top in mine],
                    "color": [palette.model if top else palette.baseline for top in mine]},
            text=[escaped(model) for _, model in known],
            hovertemplate="%{text}: %{x:.3g}<extra></extra>",
        ), row=1, col=column,
    )  # fmt: skip


def _bold(model: str) -> str:
    return f"<b>{escaped(model)}</b>" if model.startswith(THIS_RUN) else escaped(model)
