"""A forest plot: differences with their intervals, a row a contender and a panel a measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

_ROW, _EDGES, _LINE = 34.0, 88.0, 16.0
#: Letters of a line of a title: panels are narrow.
LETTERS = 16
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
    lines = max((_title(panel).count("<br>") + 1 for panel in panels), default=1)
    top = 14 + _LINE * lines
    styled(figure, palette, height=_EDGES + top + _ROW * max(len(order), 2))
    figure.update_annotations(font={"size": 12})
    for column, panel in enumerate(panels, start=1):
        _better(figure, panel.rows, column, palette)
    # Once for all: panels may be narrower than these words.
    figure.add_annotation(
        text=f"difference to {escaped(against)}", xref="paper", yref="paper", x=0.5, y=0,
        yshift=-30, yanchor="top", showarrow=False, font={"size": 12},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(places.values()), ticktext=[escaped(name) for name in places],
        range=[len(places) - 0.5, -0.9], showline=False, ticks="", automargin=True,
    )  # fmt: skip
    figure.update_layout(margin={"t": top, "b": 60, "l": 40}, showlegend=False)
    return figure


def _title(panel: Panel) -> str:
    lines = [f"<b>{escaped(line)}</b>" for line in wrap(panel.title, LETTERS)]
    return "<br>".join([*lines, *([escaped(panel.note)] if panel.note else [])])


def _reach(rows: pd.DataFrame) -> float:
    """Return how far the axis goes; intervals much wider than the others run off it."""
    ends = np.abs(rows[["low", "high"]].to_numpy(dtype=np.float64)).max(axis=1, initial=0.0)
    middles = np.abs(rows["difference"].to_numpy(dtype=np.float64))
    ends, middles = ends[np.isfinite(ends)], middles[np.isfinite(middles)]
    furthest = float(middles.max()) if len(middles) else 0.0
    if len(ends):
        furthest = max(furthest, min(float(ends.max()), WIDEST * float(np.median(ends))))
    return 1.12 * furthest if furthest > 0 else 1.0


def tick_step(reach: float) -> float:
    """Return the largest plain number that has room for its text on an axis to ``reach``."""
    decade = 10.0 ** np.floor(np.log10(reach))
    fits = [
        float(f"{step * decade:.3g}") for step in (0.5, 1, 2, 5) if step * decade <= 0.85 * reach
    ]
    return fits[-1]


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
    step = tick_step(reach)
    figure.update_xaxes(
        range=[-reach, reach], tickvals=[-step, 0, step],
        ticktext=[f"−{step:g}", "0", f"+{step:g}"], **place,
    )  # fmt: skip


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
