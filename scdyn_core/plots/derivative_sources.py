"""How predictable the derivative is before any training, by source and by baseline."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

REAL, NULL = "real", "null"
#: The zero line stands for it.
NOTHING = "no change"
ROW_PIXELS = 22
PANEL_PIXELS = 44
#: Shares below are cut off: how much worse than nothing a baseline is tells little.
LOWEST = -0.2
LABELS = {
    "bars": "baseline",
    "null": "the same, directions destroyed",
    "tangent": "inside the space of the cells",
}


def derivative_source_figure(
    sources: pd.DataFrame, *, part: str | None = None, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the share of the derivative that simple baselines explain, one panel per source.

    A hollow marker is the same baseline on the null: directions destroyed, everything rebuilt.
    The dashed line is the share of the derivative in the span of the cells' components, which
    no model that reads these can pass.

    Parameters
    ----------
    sources
        A run's table: source, baseline, part, data, share, tangent_share.
    part
        Which part of the cells; test cells if not given, where there are any.
    palette
        Colours.
    """
    if part is None:
        part = "test" if "test" in set(sources["part"]) else str(sources["part"].iloc[-1])
    rows = sources[(sources["part"] == part) & (sources["baseline"] != NOTHING)]
    panels = list(rows.groupby("source", sort=False))
    heights = [ROW_PIXELS * frame["baseline"].nunique() for _, frame in panels]
    height = sum(heights) + PANEL_PIXELS * len(panels) + 90
    figure = make_subplots(
        rows=max(len(panels), 1),
        cols=1,
        shared_xaxes=True,
        row_heights=[float(size) for size in heights] or None,
        vertical_spacing=min(PANEL_PIXELS / height, 0.9 / max(len(panels) - 1, 1)),
        subplot_titles=[f"<b>{escaped(source)}</b>" for source, _ in panels],
    )
    for row, (_, frame) in enumerate(panels, start=1):
        _panel(figure, frame, row, palette)
    for kind in LABELS:
        for trace in list(figure.select_traces({"legendgroup": kind}))[1:]:
            trace.showlegend = False
    styled(figure, palette, height=height)
    _legend_and_axes(figure, rows, max(len(panels), 1), palette)
    return figure


def _panel(figure: go.Figure, frame: pd.DataFrame, row: int, palette: Palette) -> None:
    real, null = (frame[frame["data"] == data] for data in (REAL, NULL))
    figure.add_trace(
        go.Bar(
            x=real["share"],
            y=[escaped(name) for name in real["baseline"]],
            orientation="h",
            marker={"color": palette.baseline},
            customdata=real["centred_share"],
            hovertemplate="%{y}: %{x:.3f} (%{customdata:.3f} without the mean)<extra></extra>",
            **_named("bars"),
        ),
        row=row,
        col=1,
    )
    if len(null):
        figure.add_trace(
            go.Scatter(
                x=null["share"].clip(lower=LOWEST),
                y=[escaped(name) for name in null["baseline"]],
                mode="markers",
                marker={
                    "size": 10,
                    "symbol": "circle-open",
                    "color": palette.second_ink,
                    "line": {"width": 2},
                },
                customdata=null["share"],
                hovertemplate="%{y}, destroyed: %{customdata:.3f}<extra></extra>",
                **_named("null"),
            ),
            row=row,
            col=1,
        )
    tangent = float(real["tangent_share"].iloc[0])
    figure.add_trace(
        go.Scatter(
            x=[tangent] * len(real),
            y=[escaped(name) for name in real["baseline"]],
            mode="lines",
            line={"color": palette.model, "width": 2, "dash": "dash"},
            hovertemplate=f"{LABELS['tangent']}: {tangent:.3f}<extra></extra>",
            **_named("tangent"),
        ),
        row=row,
        col=1,
    )


def _named(kind: str) -> dict[str, object]:
    return {"name": LABELS[kind], "legendgroup": kind, "showlegend": True}


def _legend_and_axes(figure: go.Figure, rows: pd.DataFrame, panels: int, palette: Palette) -> None:
    lowest = max(min(float(rows["share"].min(skipna=True)), 0.0), LOWEST) if len(rows) else 0.0
    figure.update_layout(
        showlegend=True,
        bargap=0.35,
        margin={"l": 150, "t": 70, "b": 56, "r": 20},
        legend={"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top"},
    )
    figure.update_annotations(xanchor="left", x=0.0)
    figure.update_xaxes(
        range=[lowest - 0.03, 1.0],
        showgrid=True,
        gridcolor=palette.grid,
        zeroline=True,
        zerolinecolor=palette.ink,
        showline=False,
        ticks="",
    )
    figure.update_xaxes(
        title_text="share of the derivative explained",
        showline=True,
        ticks="outside",
        row=panels,
        col=1,
    )
    figure.update_yaxes(
        type="category", autorange="reversed", automargin=True, ticks="", showline=False
    )
