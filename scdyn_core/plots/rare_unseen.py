"""How well the response of a type is predicted whose treated cells were never seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import short_names
from scdyn_core.plots.rare_looks import arm_name, legend_room
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

METRICS = ("Pearson delta", "MSE", "R2 of change", "E-distance")
DE = ", DE genes"
THIS_RUN = "this run"
#: So far from all others that its value is written at the edge.
NO_CHANGE = "no change"
_ROW, _EDGES = 30.0, 86.0


def contender(arm: object, predictor: object, kind: object, arms: int = 1) -> str:
    """Return what a predictor is called: with its way of drawing cells where there are several."""
    if kind == "baseline" or arms < 2 or str(arm) == THIS_RUN:
        return str(predictor)
    return f"{predictor}, {arm_name(arm)}"


def predictor_means(unseen_scores: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of every metric and predictor over types, replicates first.

    Returns
    -------
    pandas.DataFrame
        arm, predictor, kind, metric, better, held_out, value: one row a type, and rows with an
        empty ``held_out`` that are the mean over the types.
    """
    own = ["arm", "predictor", "kind", "metric", "better"]
    types = unseen_scores.groupby([*own, "held_out"], sort=False, observed=True, as_index=False)[
        ["value"]
    ].mean()
    over = types.groupby(own, sort=False, observed=True, as_index=False)[["value"]].mean()
    return pd.concat([types, over.assign(held_out="")], ignore_index=True)


def predictors_figure(
    unseen_scores: pd.DataFrame,
    metrics: Sequence[str],
    *,
    summary: pd.DataFrame | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw predictors beside baselines: a dot a held-out type, and their mean with its interval.

    Parameters
    ----------
    unseen_scores
        A run's or an experiment's table. Names may be hostile.
    metrics
        Panels, from left to right; rows stand in the order of the first.
    summary
        An experiment's table ``unseen_summary``, which has the intervals.
    palette
        Colours.
    """
    told = predictor_means(unseen_scores)
    told = told[told["metric"].isin(list(metrics))]
    arms = told.loc[told["kind"] == "model", "arm"].nunique()
    told = told.assign(
        row=[contender(a, p, k, arms)
             for a, p, k in zip(told["arm"], told["predictor"], told["kind"], strict=True)]
    )  # fmt: skip
    # A baseline is the same for every way of drawing cells.
    told = told.groupby(["row", "kind", "metric", "better", "held_out"], sort=False,
                        observed=True, as_index=False)[["value"]].mean()  # fmt: skip
    panels = [metric for metric in metrics if (told["metric"] == metric).any()]
    rows = _order(told, panels)
    places = {name: place for place, name in enumerate(rows)}
    types = [name for name in dict.fromkeys(told["held_out"].astype(str)) if name]
    figure = make_subplots(
        rows=1, cols=max(len(panels), 1), shared_yaxes=True, horizontal_spacing=0.04,
        subplot_titles=[_title(told, metric) for metric in panels],
    )  # fmt: skip
    for column, metric in enumerate(panels, start=1):
        own = told[told["metric"] == metric]
        _dots(figure, own, types, places, column, palette)
        _means(figure, own, _intervals(summary, metric, arms), places, column, palette)
        _window(figure, own, _intervals(summary, metric, arms), places, column, palette)
    room = legend_room(2 + (len(types) if len(types) > 1 else 0))
    styled(figure, palette, height=_EDGES + room + _ROW * max(len(rows), 3))
    figure.update_annotations(font={"size": 12})
    figure.update_xaxes(nticks=4, tickangle=0)
    models = set(told.loc[told["kind"] == "model", "row"])
    figure.update_yaxes(
        tickvals=list(places.values()), range=[len(rows) - 0.4, -0.6], showline=False, ticks="",
        ticktext=[f"<b>{escaped(name)}</b>" if name in models else escaped(name) for name in rows],
        automargin=True, showgrid=True, gridcolor=palette.grid,
    )  # fmt: skip
    legend_at_bottom(figure)
    figure.update_layout(margin={"t": 48, "l": 40, "b": room})
    return figure


def _title(told: pd.DataFrame, metric: str) -> str:
    better = told.loc[told["metric"] == metric, "better"].iloc[0]
    return f"<b>{escaped(metric)}</b><br>{escaped(better)} is better"


def _order(told: pd.DataFrame, panels: Sequence[str]) -> list[str]:
    """Return the rows, the best on top."""
    if not panels:
        return []
    first = told[(told["metric"] == panels[0]) & (told["held_out"] == "")]
    lower = len(first) > 0 and first["better"].iloc[0] == "lower"
    ordered = first.sort_values("value", ascending=lower, kind="stable", na_position="last")
    return list(dict.fromkeys([*ordered["row"], *told["row"]]))


def _dots(
    figure: go.Figure, own: pd.DataFrame, types: Sequence[str], places: dict[str, int],
    column: int, palette: Palette,
) -> None:  # fmt: skip
    if len(types) < 2:
        return
    for number, (held_out, word) in enumerate(zip(types, short_names(list(types)), strict=True)):
        part = own[own["held_out"] == held_out]
        figure.add_trace(
            go.Scatter(
                x=part["value"], y=[places[name] - 0.2 for name in part["row"]], mode="markers",
                name=word, legendgroup=word, showlegend=column == 1,
                marker={"size": 7, "opacity": 0.85,
                        "color": palette.categorical[number % len(palette.categorical)]},
                text=[f"<b>{escaped(held_out)}</b><br>{escaped(name)}: {value:.3f}"
                      for name, value in zip(part["row"], part["value"], strict=True)],
                hovertemplate="%{text}<extra></extra>",
            ), row=1, col=column,
        )  # fmt: skip


def _means(
    figure: go.Figure, own: pd.DataFrame, intervals: pd.DataFrame, places: dict[str, int],
    column: int, palette: Palette,
) -> None:  # fmt: skip
    over = own[own["held_out"] == ""].merge(intervals, on="row", how="left")
    baselines = over[over["kind"] == "baseline"]["value"]
    lower = len(over) > 0 and over["better"].iloc[0] == "lower"
    if len(baselines):
        figure.add_vline(
            x=float(baselines.min() if lower else baselines.max()), row=1, col=column,
            exclude_empty_subplots=False,
            line={"color": palette.muted, "width": 1.2, "dash": "dot"},
        )  # fmt: skip
    several = own["held_out"].nunique() > 2
    aside = 0.12 if several else 0.0
    for kind, colour, symbol in (("model", palette.model, "diamond"),
                                 ("baseline", palette.baseline, "circle")):  # fmt: skip
        part = over[over["kind"] == kind]
        if part.empty:
            continue
        figure.add_trace(
            go.Scatter(
                x=part["value"], y=[places[name] + aside for name in part["row"]], mode="markers",
                name=f"{kind} (mean)" if several else kind,
                legendgroup=kind, showlegend=column == 1,
                marker={"size": 12, "symbol": symbol, "color": colour},
                error_x={"type": "data", "symmetric": False, "color": colour, "thickness": 2,
                         "width": 4, "array": (part["high"] - part["value"]).fillna(0.0),
                         "arrayminus": (part["value"] - part["low"]).fillna(0.0)},
                text=[f"<b>{escaped(name)}</b><br>{value:.3f}"
                      + (f" ({low:.3f} to {high:.3f})" if np.isfinite(low) else "")
                      for name, value, low, high in
                      zip(part["row"], part["value"], part["low"], part["high"], strict=True)],
                hovertemplate="%{text}<extra></extra>",
            ), row=1, col=column,
        )  # fmt: skip


def _window(
    figure: go.Figure, own: pd.DataFrame, intervals: pd.DataFrame, places: dict[str, int],
    column: int, palette: Palette,
) -> None:  # fmt: skip
    """Show what is to be compared; the value of no change stands at the edge if it is far."""
    near = own["row"] != NO_CHANGE
    shown = [own.loc[near, "value"]]
    shown += [intervals.loc[intervals["row"] != NO_CHANGE, name] for name in ("low", "high")]
    values = np.concatenate([part.to_numpy(dtype=np.float64) for part in shown])
    values = values[np.isfinite(values)]
    over = own[~near & (own["held_out"] == "")]["value"].dropna()
    if not len(values) or not len(over):
        return
    low, high = float(values.min()), float(values.max())
    # Marks are wide, and none may be cut.
    room = 0.09 * (high - low) or 0.05
    far = float(over.iloc[0])
    if low - 2 * (high - low) <= far <= high + 2 * (high - low):
        return
    figure.update_xaxes(range=[low - room, high + room], row=1, col=column)
    left = far < low
    number = "" if column == 1 else str(column)
    figure.add_annotation(
        text=f"◀ {far:.2g}" if left else f"{far:.2g} ▶", xref=f"x{number} domain",
        yref="y" + number, x=0.005 if left else 0.995, y=places[NO_CHANGE], showarrow=False,
        xanchor="left" if left else "right",
        font={"color": palette.muted, "size": 12},
    )  # fmt: skip


def _intervals(summary: pd.DataFrame | None, metric: str, arms: int) -> pd.DataFrame:
    if summary is None:
        return pd.DataFrame({"row": [], "low": [], "high": []}, dtype=object).astype(
            {"low": float, "high": float}
        )
    own = summary[summary["metric"] == metric]
    rows = [contender(a, p, k, arms)
            for a, p, k in zip(own["arm"], own["predictor"], own["kind"], strict=True)]  # fmt: skip
    return own[["low", "high"]].assign(row=rows).drop_duplicates("row")
