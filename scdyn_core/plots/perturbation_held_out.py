"""Perturbations the model had never seen: before it learned their shifts, and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import names, short_names
from scdyn_core.plots.style import legend_at_bottom, styled

#: Bounds on the likelihood, the tighter first, as they are called.
BOUNDS = {"iwelbo": "IWELBO", "elbo": "ELBO"}
MOST_ROWS = 60
_ROW, _EDGES = 24.0, 170.0


def gains(held_out: pd.DataFrame) -> pd.DataFrame:
    """Return one row a perturbation: cells, each bound before, after and its gain, latents_on.

    The largest gain of the IWELBO first; latents are NaN where the run has none.
    """
    wide = held_out.pivot(index="perturbation", columns="stage", values=list(BOUNDS))
    table = pd.DataFrame(index=wide.index)
    for bound in BOUNDS:
        for stage in ("before", "after"):
            table[f"{bound}_{stage}"] = wide[(bound, stage)].astype(float)
        table[f"{bound}_gain"] = table[f"{bound}_after"] - table[f"{bound}_before"]
    after = held_out[held_out["stage"] == "after"].set_index("perturbation")
    table = table.join(after.reindex(columns=["cells", "latents_on"])).reset_index()
    return table.sort_values("iwelbo_gain", ascending=False, kind="stable", ignore_index=True)


def held_out_figure(held_out: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw the bound of every perturbation before and after, and how much it gained.

    Parameters
    ----------
    held_out
        A run's table: stage, perturbation (may be hostile), cells, elbo, iwelbo (nats per cell,
        higher is better), and latents_on where the run has latents.
    palette
        Colours.
    """
    table = gains(held_out)
    more = len(table) - MOST_ROWS
    table = table.head(MOST_ROWS)
    places = np.arange(len(table), dtype=np.float64)
    figure = make_subplots(
        1, 2, shared_yaxes=True, column_widths=[0.6, 0.4], horizontal_spacing=0.05
    )
    words = names(table["perturbation"])
    hover = [
        f"<b>{word}</b>, {cells:,} cells<br>IWELBO {before:.2f} to {after:.2f}<br>"
        f"ELBO {elbo:.2f} to {elbo_after:.2f}"
        + ("" if latents != latents else f"<br>{latents:.3g} latents shifted")
        for word, cells, before, after, elbo, elbo_after, latents in zip(
            words, table["cells"], table["iwelbo_before"], table["iwelbo_after"],
            table["elbo_before"], table["elbo_after"], table["latents_on"], strict=True,
        )
    ]  # fmt: skip
    point = {"mode": "markers", "text": hover, "hovertemplate": "%{text}<extra></extra>"}
    _arms(figure, table, places, palette)
    rose = (table["iwelbo_gain"] >= 0).to_numpy()
    colours = np.where(rose, palette.model, palette.diverging[-3])
    figure.add_trace(
        go.Scatter(
            x=table["iwelbo_before"], y=places, name="before",
            marker={"size": 10, "symbol": "circle-open", "color": palette.baseline,
                    "line": {"width": 2}}, **point,
        ), row=1, col=1,
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(x=table["iwelbo_after"], y=places, name="after its shifts were learned",
                   marker={"size": 11, "color": colours}, **point),
        row=1, col=1,
    )  # fmt: skip
    for bound, symbol, width in (("elbo", "square-open", 1.5), ("iwelbo", "circle", 0)):
        figure.add_trace(
            go.Scatter(
                x=table[f"{bound}_gain"], y=places, name=f"gain of the {BOUNDS[bound]}",
                marker={"size": 9, "symbol": symbol, "line": {"width": width},
                        "color": palette.muted if bound == "elbo" else colours}, **point,
            ), row=1, col=2,
        )  # fmt: skip
    styled(figure, palette, height=_EDGES + _ROW * max(len(table), 3))
    figure.add_vline(x=0, line={"color": palette.muted, "width": 1, "dash": "dash"}, row=1, col=2)
    figure.update_xaxes(title_text="IWELBO (nats per cell, higher is better)", nticks=6, col=1)
    figure.update_xaxes(title_text="gain (nats per cell)", rangemode="tozero", nticks=6, col=2)
    figure.update_yaxes(
        tickvals=places.tolist(), range=[len(table) - 0.4, -0.6], showgrid=True,
        gridcolor=palette.grid, showline=False, ticks="",
    )  # fmt: skip
    figure.update_yaxes(ticktext=short_names(table["perturbation"]), automargin=True, col=1)
    mean = table["iwelbo_gain"].mean()
    left = f"; {more:,} with smaller gains are not drawn" if more > 0 else ""
    figure.update_layout(
        title={"text": f"mean gain of the IWELBO {mean:+.2f} nats per cell{left}",
               "font": {"size": 13}, "x": 0.02, "xanchor": "left", "y": 0.97, "yanchor": "top"}
    )  # fmt: skip
    legend_at_bottom(figure)
    return figure


def _arms(
    figure: go.Figure, table: pd.DataFrame, places: np.ndarray[tuple[int], np.dtype[np.float64]],
    palette: Palette,
) -> None:  # fmt: skip
    ends = np.column_stack(
        [table["iwelbo_before"], table["iwelbo_after"], np.full(len(table), np.nan)]
    )
    figure.add_trace(
        go.Scatter(
            x=ends.ravel(), y=np.repeat(places, 3), mode="lines", hoverinfo="skip",
            line={"color": palette.faint, "width": 4}, showlegend=False,
        ), row=1, col=1,
    )  # fmt: skip
