"""What a figure shows, in words: for people who hear a page rather than see it."""

from __future__ import annotations

import html
import re

import plotly.graph_objects as go

MOST_NAMES = 8
_KINDS = {
    "scatter": "points and lines",
    "scattergl": "points",
    "bar": "bars",
    "heatmap": "a heat map",
    "violin": "violins",
    "box": "boxes",
    "histogram": "a histogram",
    "image": "a picture",
}


def alt_text(figure: go.Figure) -> str:
    """Return kind, title, axes and series of a figure in plain text, never interpreted."""
    kinds = dict.fromkeys(_kind(trace) for trace in figure.data)
    parts = [f"Figure of {' and '.join(kinds)}" if kinds else "Empty figure"]
    layout = figure.layout
    if title := plain_text(layout.title.text):
        parts.append(f"titled {title}")
    across, up = (plain_text(axis.title.text) for axis in (layout.xaxis, layout.yaxis))
    if across and up:
        parts.append(f"{up} against {across}")
    elif across or up:
        parts.append(f"along {across or up}")
    names = [name for name in dict.fromkeys(_names(figure)) if name]
    if names:
        more = len(names) - MOST_NAMES
        listed = ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        parts.append(f"with {listed}")
    return "; ".join(parts) + "."


def plain_text(text: str | None) -> str:
    """Return the text of a label without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text or "")).split())


def _kind(trace: go.Scatter) -> str:
    if trace.type == "scatter" and trace.mode in ("lines", "markers"):
        return "lines" if trace.mode == "lines" else "points"
    return _KINDS.get(trace.type, str(trace.type))


def _names(figure: go.Figure) -> list[str]:
    # A Sankey diagram has no legend to be part of.
    shown = [each for each in figure.data if getattr(each, "showlegend", None) is not False]
    return [plain_text(trace.name) for trace in shown]
