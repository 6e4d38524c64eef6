"""The predicted against the observed change of every gene under one perturbation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import DUPLICATE, THIS_RUN, keep_colours, names, short
from scdyn_core.plots.perturbation_scores import best_baseline, better_of, wide_scores
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.points import MOST_VECTOR_POINTS
from scdyn_core.plots.style import equal_scales, legend_at_bottom, styled
from scdyn_core.plots.text import escaped
from scdyn_core.plots.volcano import SIGNIFICANT

#: Metrics written above the figure, as they are called there.
WRITTEN = {"Pearson delta": "r", "weighted MSE": "weighted MSE"}
#: Above, error bars hide the points.
MOST_BARS = 400


def predicted_change_figure(
    responses: pd.DataFrame,
    perturbation: str,
    *,
    scores: pd.DataFrame | None = None,
    error_bars: bool = False,
    labelled: int = 10,
    genes: Sequence[str] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw every gene; on the diagonal the prediction is right.

    Parameters
    ----------
    responses
        A run's table: perturbation, gene, change_test, change_test_se, predicted, p_adjusted. The
        row of a gene in it is ``customdata[0]`` of its point.
    perturbation
        Its name as it came; ``A+B`` targets A and B.
    scores
        The run's table ``prediction_scores``: what is written above the figure.
    error_bars
        Whether standard errors of the observed changes are drawn.
    labelled
        Changed genes that get their names, the surest.
    genes
        Genes (may be hostile) that get theirs in any case.
    palette
        Colours.
    """
    rows = np.flatnonzero((responses["perturbation"] == perturbation).to_numpy())
    own = responses.iloc[rows].assign(row=rows)
    own = own[np.isfinite(own["change_test"]) & np.isfinite(own["predicted"])]
    own = own.reset_index(drop=True)
    changed = own["p_adjusted"] < SIGNIFICANT
    target = own["gene"].isin(perturbation.split("+"))
    figure = go.Figure()
    ends = own[["change_test", "predicted"]].to_numpy(dtype=np.float64)
    low, high = (float(ends.min()), float(ends.max())) if len(own) else (-1.0, 1.0)
    room = 0.06 * (high - low) or 0.5
    edge = [low - room, high + room]
    figure.add_trace(
        go.Scatter(
            x=edge, y=edge, mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": palette.muted, "dash": "dash", "width": 1.2},
        )
    )  # fmt: skip
    for chosen, name, colour, symbol, size in (
        (~changed & ~target, "other genes", palette.baseline, "circle", 5),
        (changed & ~target, "changed genes (adjusted p below 0.05)", palette.model, "circle", 8),
        (target, "target gene", palette.second_ink, "star", 14),
    ):
        if chosen.any():
            bars = error_bars and len(own) <= MOST_BARS
            figure.add_trace(_points(own[chosen], name, colour, symbol, size, len(own), bars))
    styled(figure, palette, height=600)
    surest = own.assign(size=own["log2_fold_change"].abs())[changed]
    surest = surest.sort_values(["p_adjusted", "size"], ascending=[True, False])
    shown = dict.fromkeys([*own.index[target], *own.index[own["gene"].isin(list(genes))],
                           *surest.index[: max(labelled, 0)]])  # fmt: skip
    add_point_labels(
        figure, ends, list(shown), [short(own["gene"][row]) for row in shown], palette
    )  # fmt: skip
    if len(own) == 0:
        figure.add_annotation(
            text="this run cannot predict this perturbation", xref="paper", yref="paper", x=0.5,
            y=0.5, showarrow=False, font={"color": palette.muted},
        )  # fmt: skip
    figure.update_xaxes(title_text="observed change (log-normalised, test cells)", range=edge)
    figure.update_yaxes(title_text="predicted change", range=edge)
    equal_scales(figure)
    legend_at_bottom(figure)
    keep_colours(figure)
    if scores is not None:
        _title(figure, scores[scores["perturbation"] == perturbation])
    return figure


def _points(
    own: pd.DataFrame, name: str, colour: str, symbol: str, size: float, n: int, bars: bool
) -> go.Scatter | go.Scattergl:
    kind = go.Scatter if n <= MOST_VECTOR_POINTS else go.Scattergl
    return kind(
        x=own["change_test"], y=own["predicted"], mode="markers", name=name,
        marker={"size": size, "color": colour, "symbol": symbol,
                "opacity": 0.5 if name == "other genes" else 0.9},
        error_x={"type": "data", "array": own["change_test_se"], "color": colour,
                 "thickness": 0.8, "width": 0, "visible": bars},
        text=[f"<b>{word}</b><br>observed {observed:+.3f} ± {se:.3f}<br>predicted {predicted:+.3f}"
              for word, observed, se, predicted in
              zip(names(own["gene"]), own["change_test"], own["change_test_se"], own["predicted"],
                  strict=True)],
        customdata=[[row] for row in own["row"].tolist()],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _title(figure: go.Figure, scores: pd.DataFrame) -> None:
    """Write how well it is predicted, beside the best baseline and a second measurement."""
    lines = []
    for metric, word in WRITTEN.items():
        for task in dict.fromkeys(scores.loc[scores["metric"] == metric, "task"]):
            wide = wide_scores(scores, metric, task)
            if THIS_RUN not in wide:
                continue
            line = f"<b>{word} {_number(float(wide[THIS_RUN].iloc[0]))}</b>"
            best = best_baseline(wide, better_of(metric)).iloc[0]
            if isinstance(best["model"], str):
                line += f" · best baseline {_number(best['value'])} ({escaped(best['model'])})"
            if DUPLICATE in wide:
                line += f" · technical duplicate {_number(float(wide[DUPLICATE].iloc[0]))}"
            lines.append(line)
    if lines:
        figure.update_layout(
            title={"text": "<br>".join(lines), "font": {"size": 13}, "x": 0.02, "xanchor": "left",
                   "y": 1, "yanchor": "top", "pad": {"t": 18}},
            margin={"t": 34 + 20 * len(lines)},
        )  # fmt: skip


def _number(value: float) -> str:
    return "not defined" if not np.isfinite(value) else f"{value:.3g}"
