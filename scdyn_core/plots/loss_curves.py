"""Loss terms over training, one panel per term, train beside validation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.metric_rows import losses_of
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

#: Columns of ``metrics.jsonl`` that say where a row belongs rather than what was measured.
INDEX = ("phase", "epoch", "epoch_total", "part", "replicate")
COLUMNS = 3
MOST_PANELS = 12
#: More epochs than this per curve only make the page slow.
MOST_EPOCHS = 600
LOOK: dict[str, dict[str, Any]] = {
    "train": {"dash": "solid", "colour": 0},
    "validation": {"dash": "dot", "colour": 5},
}


def terms_of(metrics: pd.DataFrame) -> list[str]:
    """Return the measured columns, the whole loss first, the most important 12."""
    numeric = metrics.select_dtypes("number").columns
    named = [str(name) for name in numeric if name not in INDEX and metrics[name].notna().any()]
    named.sort(key=lambda name: (name != "loss", name == "active_terms"))
    return named[:MOST_PANELS]


def loss_figure(metrics: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the median over replicates, with the range of all replicates behind it.

    Parameters
    ----------
    metrics
        A run's metrics: phase, epoch_total, part, replicate and one column per term.
    palette
        Colours.
    """
    metrics = losses_of(metrics)
    terms = terms_of(metrics)
    starts = _phase_starts(metrics)
    epochs = metrics["epoch_total"].unique()
    kept = epochs[:: -(-len(epochs) // MOST_EPOCHS)] if len(epochs) else epochs
    metrics = metrics[metrics["epoch_total"].isin([*kept, *epochs[-1:]])]
    rows = -(-max(len(terms), 1) // COLUMNS)
    titles = [escaped(term.replace("_", " ")) for term in terms]
    figure = make_subplots(
        rows=rows, cols=COLUMNS, subplot_titles=titles, shared_xaxes=True,
        horizontal_spacing=0.08, vertical_spacing=0.14 if rows < 4 else 0.08,
    )  # fmt: skip
    for position, term in enumerate(terms):
        place = {"row": position // COLUMNS + 1, "col": position % COLUMNS + 1}
        for part, look in LOOK.items():
            _curve(figure, metrics[metrics["part"] == part], term, part, look, place, palette)
        values = metrics[term].to_numpy(dtype=float)
        if (values[np.isfinite(values)] > 0).all() and term != "active_terms":
            figure.update_yaxes(**log_axis(values), **place)
    styled(figure, palette, height=60 + 210 * rows)
    for position in range(len(terms)):
        place = {"row": position // COLUMNS + 1, "col": position % COLUMNS + 1}
        _mark_phases(figure, starts, place, palette, named=position < COLUMNS)
    for position in range(max(len(terms) - COLUMNS, 0), len(terms)):
        lowest = {"row": position // COLUMNS + 1, "col": position % COLUMNS + 1}
        figure.update_xaxes(title_text="epoch", showticklabels=True, **lowest)
    figure.update_layout(
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 0.99, "yanchor": "top",
                "yref": "container"},
        margin={"t": 64, "l": 52},
    )  # fmt: skip
    return figure


def _curve(
    figure: go.Figure,
    rows: pd.DataFrame,
    term: str,
    part: str,
    look: dict[str, Any],
    place: dict[str, int],
    palette: Palette,
) -> None:
    # A term that a phase does not have is missing there: no band may bridge it.
    curves = rows.groupby("epoch_total")[term].agg(["median", "min", "max", "count"]).dropna()
    hue = palette.categorical[look["colour"]]
    first = place == {"row": 1, "col": 1}
    if len(curves) and curves["count"].max() > 1:
        epochs = np.concatenate([curves.index, curves.index[::-1]])
        band = np.concatenate([curves["max"], curves["min"][::-1]])
        figure.add_trace(
            go.Scatter(x=epochs, y=band, fill="toself", fillcolor=hue, opacity=0.18,
                       line={"width": 0}, hoverinfo="skip", showlegend=False),
            **place,
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=curves.index,
            y=curves["median"],
            mode="lines" if len(curves) > 1 else "markers",
            name=part,
            legendgroup=part,
            showlegend=first,
            line={"color": hue, "width": 1.8, "dash": look["dash"]},
            hovertemplate="epoch %{x}: %{y:.4g}<extra>" + part + "</extra>",
        ),
        **place,
    )


def _mark_phases(
    figure: go.Figure,
    starts: dict[str, float],
    place: dict[str, int],
    palette: Palette,
    *,
    named: bool,
) -> None:
    """Draw a line where a phase begins; with its name where there is room above."""
    for number, (name, start) in enumerate(starts.items()):
        if number:
            figure.add_vline(x=start, line={"color": palette.muted, "width": 1, "dash": "dot"},
                             **place)  # fmt: skip
        if named and len(starts) > 1:
            figure.add_annotation(
                x=start, xshift=2, y=1.0, yref="y domain", text=escaped(name.replace("_", " ")),
                # In steps: the name of a short phase reaches into the next one.
                yshift=-14 * (number % 2),
                showarrow=False, xanchor="left", yanchor="top", **place,
                font={"size": 11, "color": palette.muted},
            )  # fmt: skip


def _phase_starts(metrics: pd.DataFrame) -> dict[str, float]:
    if "phase" not in metrics:
        return {}
    starts = metrics.groupby("phase", sort=False)["epoch_total"].min()
    return {str(name): float(start) for name, start in starts.items()}
