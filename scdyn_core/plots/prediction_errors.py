"""How well hidden and future values are foretold, beside simpler models and the noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

THIS_RUN = "this run"
#: Share of values that a 90 % interval should hold, and bounds of what is near enough.
NOMINAL, FEWEST, MOST = 0.90, 0.85, 0.95
_ROW_PIXELS, _PANEL_PIXELS, _EDGES = 26, 74, 110


def prediction_scores(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return the error and the coverage of every model in every task.

    Parameters
    ----------
    predictions
        A run's table: task, model, observed, predicted, low, high, se; log2.

    Returns
    -------
    pandas.DataFrame
        One row a task and model, the best first in every task: task, model, values (how many),
        rmse with its 95 % interval rmse_low and rmse_high (normal, over the values), noise (the
        rmse that a perfect prediction would have, from the standard errors), coverage (share of
        observed values within the 90 % interval; NaN without intervals).
    """
    rows = []
    for (task, model), own in predictions.groupby(["task", "model"], sort=False, observed=True):
        squares = ((own["observed"] - own["predicted"]) ** 2).to_numpy(dtype=np.float64)
        squares = squares[np.isfinite(squares)]
        n, mean = len(squares), float(squares.mean()) if len(squares) else float("nan")
        half = 1.96 * float(squares.std(ddof=1)) / np.sqrt(n) if n > 1 else float("nan")
        banded = own[own[["low", "high", "observed"]].notna().all(axis=1)]
        inside = banded["observed"].between(banded["low"], banded["high"])
        rows.append(
            {
                "task": task,
                "model": model,
                "values": n,
                "rmse": mean**0.5,
                "rmse_low": max(mean - half, 0.0) ** 0.5,
                "rmse_high": (mean + half) ** 0.5,
                "noise": float((own["se"] ** 2).mean()) ** 0.5,
                "coverage": float(inside.mean()) if len(banded) else float("nan"),
            }
        )
    table = pd.DataFrame(rows, columns=["task", "model", "values", "rmse", "rmse_low",
                                        "rmse_high", "noise", "coverage"])  # fmt: skip
    tasks = {task: at for at, task in enumerate(dict.fromkeys(table["task"]))}
    table["order"] = table["task"].map(tasks)
    return table.sort_values(["order", "rmse"], ignore_index=True).drop(columns="order")


def prediction_error_figure(predictions: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the error of every model, task by task, and how many values its intervals hold.

    Parameters
    ----------
    predictions
        A run's table; see ``prediction_scores``. Names may be hostile.
    palette
        Colours.
    """
    scores = prediction_scores(predictions)
    tasks = list(dict.fromkeys(scores["task"]))
    rows = [int((scores["task"] == task).sum()) for task in tasks]
    height = _EDGES + sum(_PANEL_PIXELS + _ROW_PIXELS * n for n in rows)
    figure = make_subplots(
        max(len(tasks), 1), 2, shared_yaxes=True, column_widths=[0.68, 0.32],
        row_heights=[float(n) for n in rows] or None, horizontal_spacing=0.05,
        vertical_spacing=min(_PANEL_PIXELS / height, 0.9 / max(len(tasks) - 1, 1)),
        subplot_titles=[title for task in tasks for title in (f"<b>{_words(task, predictions)}</b>",
                                                              "")],
    )  # fmt: skip
    styled(figure, palette, height=height)
    for row, task in enumerate(tasks, start=1):
        own = scores[scores["task"] == task].iloc[::-1].reset_index(drop=True)
        _errors(figure, own, row, palette)
        _coverage(figure, own, row, palette)
        names = [escaped(model) for model in own["model"]]
        figure.update_yaxes(
            tickvals=list(range(len(own))), range=[-0.6, len(own) - 0.4],
            ticktext=[f"<b>{name}</b>" if name == THIS_RUN else name for name in names], row=row,
        )  # fmt: skip
    last = max(len(tasks), 1)
    figure.update_xaxes(showgrid=True, gridcolor=palette.grid)
    figure.update_xaxes(rangemode="tozero", col=1)
    figure.update_xaxes(title_text="error (RMSE, log<sub>2</sub>)", row=last, col=1)
    figure.update_xaxes(range=[0, 1.04], tickformat=".0%", tickvals=[0, 0.5, NOMINAL], col=2)
    figure.update_xaxes(title_text="values within 90 % interval", row=last, col=2)
    figure.update_yaxes(showline=False, ticks="", automargin=True)
    legend_at_bottom(figure)
    figure.update_layout(margin={"b": 92})
    return figure


def _words(task: str, predictions: pd.DataFrame) -> str:
    own = predictions[predictions["task"] == task]
    times = sorted(own["time"].unique())
    at = f"at {times[0]:g}" if len(times) == 1 else f"at {len(times)} times"
    return f"{escaped(task)} {at}, {own['gene'].nunique():,} test genes"


def _errors(figure: go.Figure, own: pd.DataFrame, row: int, palette: Palette) -> None:
    mine = (own["model"] == THIS_RUN).to_numpy()
    # Two traces: all error bars of a trace have one colour.
    looks = ((mine, "this run", palette.model, "diamond", 13),
             (~mine, "simpler models", palette.baseline, "circle", 9))  # fmt: skip
    for rows, words, hue, symbol, size in looks:
        part = own[rows]
        figure.add_trace(
            go.Scatter(
                x=part["rmse"], y=part.index, mode="markers", name=words, legendgroup=words,
                showlegend=row == 1, marker={"symbol": symbol, "size": size, "color": hue},
                error_x={"type": "data", "symmetric": False, "color": hue, "thickness": 1.4,
                         "width": 3, "array": part["rmse_high"] - part["rmse"],
                         "arrayminus": part["rmse"] - part["rmse_low"]},
                text=[escaped(model) for model in part["model"]],
                customdata=part[["rmse_low", "rmse_high"]].to_numpy(),
                hovertemplate="%{text}: %{x:.3f}<br>95 %: %{customdata[0]:.3f} to "
                "%{customdata[1]:.3f}<extra></extra>",
            ), row=row, col=1,
        )  # fmt: skip
    noise = float(own["noise"].mean())
    if np.isfinite(noise):
        figure.add_trace(
            go.Scatter(
                x=[noise, noise], y=[-0.6, len(own) - 0.4], mode="lines",
                name="measurement error alone", legendgroup="noise", showlegend=row == 1,
                line={"color": palette.ink, "dash": "dot", "width": 1.5},
                hovertemplate="measurement error alone: %{x:.3f}<extra></extra>",
            ), row=row, col=1,
        )  # fmt: skip


def _coverage(figure: go.Figure, own: pd.DataFrame, row: int, palette: Palette) -> None:
    known = own[own["coverage"].notna()]
    figure.add_trace(
        go.Scatter(
            x=known["coverage"], y=known.index, mode="markers", showlegend=False,
            marker={
                "opacity": 1.0,
                "symbol": ["diamond" if on else "circle" for on in known["model"] == THIS_RUN],
                "size": [13 if on else 9 for on in known["model"] == THIS_RUN],
                "color": [palette.model if on else palette.baseline
                          for on in known["model"] == THIS_RUN],
            },
            text=[escaped(model) for model in known["model"]],
            hovertemplate="%{text}: %{x:.1%} within<extra></extra>",
        ), row=row, col=2,
    )  # fmt: skip
    figure.add_vrect(
        x0=FEWEST, x1=MOST, fillcolor=palette.faint, opacity=0.5, line_width=0, layer="below",
        row=row, col=2,
    )  # fmt: skip
