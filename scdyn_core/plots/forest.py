"""A forest plot: differences with their intervals, a row a contender and a panel a measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

_ROW, _EDGES = 34.0, 150.0
#: Opacity of the side on which values are better.
_SHADE = 0.5
#: Ends of intervals beyond so many times their median are not shown.
WIDEST = 3.0


@dataclass(frozen=True)
class Panel:
    """One measure: the rows of it, its title and the line under that (may be hostile)."""

    rows: pd.DataFrame
    title: str
    note: str = ""


def forest_figure(
    panels: Sequence[Panel],
    order: Sequence[str],
    *,
    against: str,
    shared: bool = False,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw differences to a reference; the side on which they are better is shaded and named.

    Parameters
    ----------
    panels
        Each with rows ``row`` (name, may be hostile), ``difference``, ``low``, ``high``,
        ``better`` (``higher`` or ``lower``) and ``verdict``.
    order
        Rows from top to bottom.
    against
        What the differences are to.
    shared
        Whether all panels measure the same, on one axis.
    palette
        Colours.
    """
    figure = make_subplots(
        rows=1, cols=max(len(panels), 1), shared_yaxes=True, horizontal_spacing=0.035,
        subplot_titles=[_title(panel) for panel in panels],
    )  # fmt: skip
    places = {name: place for place, name in enumerate(order)}
    reaches = [_reach(panel.rows) for panel in panels]
    for column, (panel, own) in enumerate(zip(panels, reaches, strict=True), start=1):
        reach = max(reaches) if shared else own
        _panel(figure, panel.rows, places, column, reach, palette)
    styled(figure, palette, height=_EDGES + _ROW * max(len(order), 2))
    figure.update_annotations(font={"size": 12})
    for column, panel in enumerate(panels, start=1):
        _better(figure, panel.rows, column, palette)
    figure.update_xaxes(title_text=f"difference to {escaped(against)}", nticks=4,
                        title_font_size=12)  # fmt: skip
    figure.update_yaxes(
        tickvals=list(places.values()), ticktext=[escaped(name) for name in places],
        range=[len(places) - 0.5, -0.9], showline=False, ticks="", automargin=True,
    )  # fmt: skip
    figure.update_layout(margin={"t": 62, "b": 60, "l": 40}, showlegend=False)
    return figure


def _title(panel: Panel) -> str:
    note = f"<br>{escaped(panel.note)}" if panel.note else ""
    return f"<b>{escaped(panel.title)}</b>{note}"


def _reach(rows: pd.DataFrame) -> float:
    """Return how far the axis goes; intervals much wider than the others run off it."""
    ends = np.abs(rows[["low", "high"]].to_numpy(dtype=np.float64)).max(axis=1, initial=0.0)
    middles = np.abs(rows["difference"].to_numpy(dtype=np.float64))
    ends, middles = ends[np.isfinite(ends)], middles[np.isfinite(middles)]
    furthest = float(middles.max()) if len(middles) else 0.0
    if len(ends):
        furthest = max(furthest, min(float(ends.max()), WIDEST * float(np.median(ends))))
    return 1.12 * furthest if furthest > 0 else 1.0


def _panel(
    figure: go.Figure, rows: pd.DataFrame, places: dict[str, int], column: int, reach: float,
    palette: Palette,
) -> None:  # fmt: skip
    place = {"row": 1, "col": column}
    higher = _higher(rows)
    figure.add_vrect(
        x0=0 if higher else -reach, x1=reach if higher else 0, fillcolor=palette.grid,
        opacity=_SHADE, line_width=0, layer="below", exclude_empty_subplots=False, **place,
    )  # fmt: skip
    figure.add_vline(
        x=0, line={"color": palette.ink, "width": 1}, layer="below", exclude_empty_subplots=False,
        **place,
    )  # fmt: skip
    own = rows[rows["row"].isin(list(places)) & np.isfinite(rows["difference"])]
    looks = {
        "better": (palette.model, "circle"),
        "worse": (palette.diverging[-2], "x"),
        "no difference seen": (palette.baseline, "circle-open"),
    }
    for verdict, (colour, symbol) in looks.items():
        part = own[own["verdict"] == verdict]
        if part.empty:
            continue
        figure.add_trace(
            go.Scatter(
                x=part["difference"], y=[places[name] for name in part["row"]], mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 11,
                        "line": {"width": 2 if symbol.endswith("open") else 0}},
                error_x={"type": "data", "symmetric": False, "color": colour, "thickness": 2,
                         "width": 5, "array": (part["high"] - part["difference"]).fillna(0.0),
                         "arrayminus": (part["difference"] - part["low"]).fillna(0.0)},
                text=[f"<b>{escaped(name)}</b><br>{difference:+.3g} ({low:+.3g} to {high:+.3g})"
                      f"<br>{escaped(verdict)}"
                      for name, difference, low, high in
                      zip(part["row"], part["difference"], part["low"], part["high"],
                          strict=True)],
                hovertemplate="%{text}<extra></extra>",
            ), **place,
        )  # fmt: skip
    figure.update_xaxes(range=[-reach, reach], **place)


def _better(figure: go.Figure, rows: pd.DataFrame, column: int, palette: Palette) -> None:
    higher = _higher(rows)
    number = "" if column == 1 else str(column)
    figure.add_annotation(
        text="better →" if higher else "← better", xref=f"x{number} domain", yref="paper",
        x=0.99 if higher else 0.01, y=1.0, xanchor="right" if higher else "left", yanchor="top",
        showarrow=False, font={"size": 11, "color": palette.muted},
    )  # fmt: skip


def _higher(rows: pd.DataFrame) -> bool:
    return rows.empty or str(rows["better"].iloc[0]) == "higher"
