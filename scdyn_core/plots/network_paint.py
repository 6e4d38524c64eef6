"""Values painted on the nodes of a network, with the bar that says what a colour means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled

#: The largest values share the last colour: one gene must not make all others look alike.
CLIPPED = 98
BAR_HEIGHT = 70


@dataclass(frozen=True)
class Paint:
    """A value for every node that has one.

    Attributes
    ----------
    values
        Node -> value; nodes without one are grey.
    title
        What the values are, with their unit; escaped.
    signed
        Whether 0 is in the middle of the colours.
    """

    values: Mapping[str, float]
    title: str
    signed: bool

    def range(self) -> tuple[float, float]:
        """Return the values of the first and the last colour."""
        known = np.array([value for value in self.values.values() if np.isfinite(value)])
        if not len(known):
            return (-1.0, 1.0) if self.signed else (0.0, 1.0)
        top = float(np.percentile(np.abs(known), CLIPPED)) or float(np.abs(known).max()) or 1.0
        return (-top, top) if self.signed else (min(0.0, float(known.min())), top)


def paint_colours(paint: Paint, palette: Palette) -> dict[str, str]:
    """Return the colour of every node that has a value."""
    low, high = paint.range()
    nodes = [node for node, value in paint.values.items() if np.isfinite(value)]
    if not nodes:
        return {}
    share = np.clip([(paint.values[node] - low) / (high - low) for node in nodes], 0, 1)
    colours = sample_colorscale(_scale(paint, palette), share.tolist())
    return dict(zip(nodes, colours, strict=True))


def paint_bar(paint: Paint, palette: Palette = LIGHT) -> go.Figure:
    """Draw the bar of colours alone."""
    low, high = paint.range()
    steps = np.linspace(low, high, 128)
    figure = go.Figure(
        go.Heatmap(
            x=steps,
            z=[steps],
            colorscale=palette.scale(_scale(paint, palette)),
            showscale=False,
            hoverinfo="skip",
        )
    )
    styled(figure, palette, height=BAR_HEIGHT)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 4, "b": 44})
    figure.update_yaxes(visible=False, fixedrange=True)
    figure.update_xaxes(title_text=paint.title, showline=False, fixedrange=True, nticks=6)
    return figure


def _scale(paint: Paint, palette: Palette) -> tuple[str, ...]:
    return palette.diverging if paint.signed else palette.sequential
