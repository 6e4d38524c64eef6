"""The look all figures share: white space, ticks outside, no box, units on every axis."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from scdyn_core.plots.palette import Palette

#: Pixels of a figure beside and below what is drawn, and bounds of the height drawn.
BESIDE, BELOW, LOWEST, HIGHEST = 100.0, 144.0, 240.0, 480.0
#: Margin for an axis title and a legend below it.
FOOT = 108.0
FONT = "Arial, Helvetica, sans-serif"


def axis(palette: Palette, **changes: Any) -> dict[str, Any]:
    """Return the settings of an axis."""
    return {
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": palette.ink,
        "linewidth": 1,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": palette.ink,
        "tickfont": {"size": 12},
        "title": {"font": {"size": 13}, "standoff": 8},
        **changes,
    }


def styled(figure: go.Figure, palette: Palette, *, height: float = 420) -> go.Figure:
    """Give a figure the common look; axes keep what they were told before."""
    template = go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": palette.ink},
            "paper_bgcolor": palette.background,
            "plot_bgcolor": palette.background,
            "colorway": palette.categorical,
            "xaxis": axis(palette),
            "yaxis": axis(palette),
            "hoverlabel": {
                "font": {"family": FONT, "size": 12, "color": palette.ink},
                "bgcolor": palette.background,
                "bordercolor": palette.muted,
            },
            "legend": {"font": {"size": 12}, "itemsizing": "constant", "bgcolor": "rgba(0,0,0,0)"},
        }
    )
    figure.update_layout(
        template=template,
        height=height,
        margin={"l": 64, "r": 20, "t": 36, "b": 56},
        hovermode="closest",
    )
    figure.update_annotations(font={"family": FONT, "size": 13, "color": palette.ink})
    return figure


def equal_scales(figure: go.Figure) -> None:
    """Give both axes the same scale, so that shapes and angles are true."""
    figure.update_yaxes(scaleanchor="x", scaleratio=1, constrain="domain")
    figure.update_xaxes(constrain="domain")


def true_size(low: Any, high: Any, width: float) -> tuple[float, float]:
    """Return height and pixels a unit of a figure whose axes have one scale.

    Parameters
    ----------
    low, high
        Corners of what is shown, shape ``(2,)``.
    width
        Pixels the figure is about to get.
    """
    span_x, span_y = (float(high[axis] - low[axis]) for axis in (0, 1))
    inner = max(width - BESIDE, 100.0)
    drawn = min(max(inner * span_y / span_x, LOWEST), HIGHEST)
    return drawn + BELOW, min(inner / span_x, drawn / span_y)


def legend_below(figure: go.Figure) -> None:
    """Put the legend under the figure, where it takes no width."""
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top", "title": None}
    )


def legend_at_bottom(figure: go.Figure) -> None:
    """Put the legend at the lower edge of a figure of any height, below its axis title."""
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom",
                "title": None},
        margin={"b": FOOT},
    )  # fmt: skip


def colour_bar(title: str, palette: Palette) -> dict[str, Any]:
    """Return the settings of a slim colour bar; ``title`` must be escaped."""
    return {
        "title": {"text": title, "side": "right", "font": {"size": 12}},
        "thickness": 12,
        "len": 0.75,
        "outlinewidth": 0,
        "ticks": "outside",
        "ticklen": 3,
        "tickcolor": palette.ink,
        "tickfont": {"size": 11},
    }
