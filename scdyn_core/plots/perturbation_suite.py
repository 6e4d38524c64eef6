"""All models and metrics at once, and which metrics can tell anything."""

from __future__ import annotations

from textwrap import wrap

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import DUPLICATE, THIS_RUN, model_look
from scdyn_core.plots.perturbation_scores import judged, suite_table
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

COLUMNS = 2
#: Opacity of a metric that cannot tell a good prediction from none.
FADED = 0.4
_ROW, _PANEL, _EDGES = 22.0, 92.0, 66.0
_LETTERS = 56


def prediction_suite_figure(
    prediction_scores: pd.DataFrame,
    calibration: pd.DataFrame | None,
    perturbations: pd.DataFrame,
    *,
    task: str = "seen",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the mean of every model over perturbations with a visible effect, a panel a metric.

    The bar of a model is the 95 % interval of its paired difference to this run, so that a bar
    that does not touch the line of this run is a difference. Metrics that cannot tell the mean of
    all perturbations from a second measurement are faint; pointing at their title says why.

    Parameters
    ----------
    prediction_scores, calibration, perturbations
        Tables of a run. Names may be hostile.
    task
        What was predicted.
    palette
        Colours.
    """
    table = suite_table(prediction_scores, calibration, perturbations, task)
    metrics = list(dict.fromkeys(table["metric"]))
    columns = max(1, min(COLUMNS, len(metrics)))
    lines = max(1, -(-len(metrics) // columns))
    models = int(table.groupby("metric")["model"].size().max()) if len(table) else 1
    height = _EDGES + lines * (_PANEL + _ROW * models)
    # Names stand left of every panel: each metric has an order of its own.
    figure = make_subplots(
        lines, columns, horizontal_spacing=0.24,
        vertical_spacing=min(_PANEL / height, 0.9 / max(lines - 1, 1)) if lines > 1 else 0,
        subplot_titles=[_title(table[table["metric"] == metric]) for metric in metrics],
    )  # fmt: skip
    for position, metric in enumerate(metrics):
        place = {"row": position // columns + 1, "col": position % columns + 1}
        _panel(figure, table[table["metric"] == metric].reset_index(drop=True), place, palette)
    styled(figure, palette, height=height)
    for note, metric in zip(figure.layout.annotations, metrics, strict=True):
        verdict = table.loc[table["metric"] == metric, "verdict"].iloc[0]
        note.update(font={"size": 13}, hovertext=_sentence(verdict) or None)
    seen = perturbations.set_index("perturbation")["visible"].astype(bool)
    which = "with a visible effect" if seen[judged(perturbations)].all() else "(none is visible)"
    n = int(table["perturbations"].max()) if len(table) else 0
    figure.add_annotation(
        text=f"mean over {n:,} perturbations {which}; bars: 95 % interval of the difference to "
        "this run (line)",
        xref="paper", yref="paper", x=0, y=0, yshift=-30, xanchor="left", yanchor="top",
        showarrow=False, font={"size": 12, "color": palette.muted},
    )  # fmt: skip
    figure.update_layout(margin={"l": 150, "t": 54, "b": 60}, showlegend=False)
    figure.update_xaxes(nticks=5)
    figure.update_yaxes(showline=False, ticks="", tickfont_size=11, automargin=True)
    return figure


def _title(own: pd.DataFrame) -> str:
    first = own.iloc[0]
    arrow = "higher is better" if first["better"] == "higher" else "lower is better"
    words = f"<b>{escaped(first['metric'])}</b>, {arrow}"
    known = np.isfinite(first["dynamic_range"])
    calibrated = f"dynamic range {first['dynamic_range']:.2f}" if known else ""
    if not first["headline"]:
        calibrated = "; ".join(filter(None, [calibrated, "not to be relied on"]))
    if calibrated:
        words += f"<br>{calibrated}"
    return words


def _panel(figure: go.Figure, own: pd.DataFrame, place: dict[str, int], palette: Palette) -> None:
    opacity = 1.0 if own["headline"].iloc[0] else FADED
    looks = [model_look(model, palette) for model in own["model"]]
    half = (own["high"] - own["low"]) / 2
    for chosen, colour in ((own["model"] == THIS_RUN, palette.model),
                           (own["model"] == DUPLICATE, palette.ink),
                           (~own["model"].isin([THIS_RUN, DUPLICATE]), palette.baseline),
                           ):  # fmt: skip
        part = own[chosen]
        if part.empty:
            continue
        figure.add_trace(
            go.Scatter(
                x=part["mean"], y=part.index, mode="markers", opacity=opacity,
                error_x={"type": "data", "array": half[chosen].fillna(0.0), "color": colour,
                         "thickness": 1.5, "width": 3},
                marker={"size": [13 if model == THIS_RUN else 9 for model in part["model"]],
                        "color": colour,
                        "line": {"width": [2 if model == DUPLICATE else 0
                                           for model in part["model"]]},
                        "symbol": [looks[row].symbol for row in part.index]},
                text=[_words(row) for _, row in part.iterrows()],
                hovertemplate="%{text}<extra></extra>",
            ), **place,
        )  # fmt: skip
    mine = own.loc[own["model"] == THIS_RUN, "mean"]
    if len(mine) and np.isfinite(mine.iloc[0]):
        figure.add_vline(
            x=float(mine.iloc[0]), opacity=opacity,
            line={"color": palette.model, "width": 1.2, "dash": "dot"}, **place,
        )  # fmt: skip
    figure.update_yaxes(
        tickvals=own.index.tolist(), range=[len(own) - 0.4, -0.6],
        ticktext=[f"<b>{escaped(model)}</b>" if model == THIS_RUN else escaped(model)
                  for model in own["model"]], **place,
    )  # fmt: skip


def _words(row: pd.Series) -> str:
    text = f"<b>{escaped(row['model'])}</b>: {row['mean']:.3g}"
    text += f"<br>mean over {row['perturbations']} perturbations"
    if row["model"] != THIS_RUN and np.isfinite(row["low"]):
        text += (
            f"<br>difference to this run {row['difference']:+.3g} "
            f"({row['low']:+.3g} to {row['high']:+.3g})"
        )
    if row["verdict"]:
        text += f"<br>{_sentence(row['verdict'])}"
    return text


def _sentence(text: str) -> str:
    """Return a sentence, whole and in short lines."""
    return "<br>".join(escaped(line) for line in wrap(text, _LETTERS))
