"""Simulated paths as lines over any map of the cells."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import escaped


def path_colour(number: int, palette: Palette) -> str:
    """Return the colour of a path by its place in the legend."""
    return palette.categorical[number % len(palette.categorical)]


def add_paths(figure: go.Figure, paths: Mapping[str, Values], palette: Palette) -> None:
    """Draw paths of shape ``(t, 2)`` (NaN after their end), each in its own colour.

    Names of the starts may be hostile.
    """
    for number, (name, path) in enumerate(paths.items()):
        add_path(figure, path, path_colour(number, palette), f"from {name}", palette)


def add_path(figure: go.Figure, path: Values, colour: str, name: str, palette: Palette) -> None:
    """Draw one path with a dot where it starts; ``name`` may be hostile."""
    # A rim of the paper's colour keeps the path apart from cells of the same colour.
    figure.add_trace(
        go.Scatter(
            x=path[:, 0], y=path[:, 1], mode="lines", showlegend=False, hoverinfo="skip",
            legendgroup=escaped(name), line={"color": palette.background, "width": 6}, opacity=0.8,
        )
    )  # fmt: skip
    shared = {"legendgroup": escaped(name), "name": escaped(name)}
    figure.add_trace(
        go.Scatter(
            x=path[:, 0], y=path[:, 1], mode="lines", line={"color": colour, "width": 3}, **shared
        )
    )
    start = {"size": 10, "color": colour, "line": {"color": palette.background, "width": 1.5}}
    figure.add_trace(
        go.Scatter(
            x=path[:1, 0], y=path[:1, 1], mode="markers", marker=start, showlegend=False, **shared
        )
    )
