"""How well each perturbation is predicted, beside every baseline and a second measurement."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import DUPLICATE, THIS_RUN, model_look, names, short_names
from scdyn_core.plots.perturbation_scores import (
    baselines_of,
    best_baseline,
    better_of,
    wide_scores,
)
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

#: Values that span more are drawn on a logarithmic axis.
WIDE = 30.0
_ROW, _EDGES = 18.0, 150.0


def score_ranking_figure(
    prediction_scores: pd.DataFrame,
    metric: str,
    *,
    task: str = "seen",
    better: str | None = None,
    perturbations: pd.DataFrame | None = None,
    most: int = 40,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw one metric, perturbations in rows, the best predicted on top.

    Parameters
    ----------
    prediction_scores
        A run's table: task, model, perturbation, metric, value. Names may be hostile.
    metric, task
        What is drawn.
    better
        ``higher`` or ``lower``; by the metric without it.
    perturbations
        The run's table; with it the ``most`` strongest are drawn, and those without a
        visible effect are named so: their scores are noise.
    most
        Rows.
    palette
        Colours.
    """
    better = better_of(metric) if better is None else better
    wide = wide_scores(prediction_scores, metric, task)
    wide = wide[wide[THIS_RUN].notna()] if THIS_RUN in wide else wide.iloc[:0]
    unseen: set[str] = set()
    if perturbations is not None:
        own = perturbations.set_index("perturbation")
        strength = own["e_distance"].reindex(wide.index)
        wide = wide.loc[strength.sort_values(ascending=False, kind="stable").index]
        unseen = set(own.index[~own["visible"].astype(bool)])
    wide = wide.iloc[:most]
    if THIS_RUN in wide:
        wide = wide.sort_values(THIS_RUN, ascending=better == "lower", kind="stable")
    figure = go.Figure()
    words = names(wide.index.tolist())
    if len(wide):
        _models(figure, wide, words, better, palette)
    styled(figure, palette, height=_EDGES + _ROW * max(len(wide), 4))
    figure.update_xaxes(title_text=f"{escaped(metric)} ({better} is better)")
    values = wide.to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    if len(values) and values.min() > 0 and values.max() > WIDE * values.min():
        figure.update_xaxes(**log_axis(values))
    figure.update_yaxes(
        tickvals=list(range(len(wide))), range=[len(wide) - 0.4, -0.6], showgrid=True,
        ticktext=[f"{word} (no visible effect)" if name in unseen else word
                  for name, word in zip(wide.index, short_names(list(wide.index)), strict=True)],
        gridcolor=palette.grid, showline=False, ticks="", automargin=True, tickfont_size=11,
    )  # fmt: skip
    legend_at_bottom(figure)
    return figure


def _models(
    figure: go.Figure, wide: pd.DataFrame, words: list[str], better: str, palette: Palette
) -> None:
    places = np.arange(len(wide))
    others = wide[baselines_of(wide.columns)]
    best = best_baseline(wide, better)
    trace = {"mode": "markers", "hovertemplate": "%{text}<extra></extra>"}
    if others.shape[1]:
        figure.add_trace(
            go.Scatter(
                x=others.to_numpy().ravel(), y=np.repeat(places, others.shape[1]),
                name="baselines",
                marker={"size": 5, "color": palette.baseline, "opacity": 0.6},
                text=[f"<b>{word}</b><br>{escaped(model)}: {value:.3g}"
                      for word, values in zip(words, others.to_numpy(), strict=True)
                      for model, value in zip(others, values, strict=True)],
                **trace,
            )
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=best["value"], y=places, name="best baseline",
                marker={"size": 11, "symbol": "circle-open", "color": palette.baseline,
                        "line": {"width": 2}},
                text=[f"<b>{word}</b><br>best baseline ({escaped(model)}): {value:.3g}"
                      for word, model, value in
                      zip(words, best["model"], best["value"], strict=True)], **trace,
            )
        )  # fmt: skip
    for model, size in ((DUPLICATE, 13), (THIS_RUN, 11)):
        if model in wide:
            look = model_look(model, palette)
            figure.add_trace(
                go.Scatter(
                    x=wide[model], y=places,
                    name=model,
                    marker={"size": size, "symbol": look.symbol, "color": look.colour,
                            "line": {"width": 2 if model == DUPLICATE else 0}},
                    text=[f"<b>{word}</b><br>{model}: {value:.3g}"
                          for word, value in zip(words, wide[model], strict=True)], **trace,
                )
            )  # fmt: skip
