"""Simulated paths as lines over any map of the cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.points import group_colours
from scdyn_core.plots.text import escaped


def path_colours(
    names: Iterable[str], groups: Sequence[str] | None, palette: Palette
) -> dict[str, str]:
    """Return the colour of each path: of its group, so that a name has one colour everywhere.

    Starts that are no group get colours that no group has, as long as there are some.
    """
    known = {} if groups is None else group_colours(pd.Series(list(groups)), palette)
    names = list(names)
    others = [name for name in names if name not in known]
    free = [hue for hue in palette.categorical if hue not in known.values()] or [palette.ink]
    own = {name: free[number % len(free)] for number, name in enumerate(others)}
    return {name: known.get(name) or own[name] for name in names}


def add_paths(
    figure: go.Figure,
    paths: Mapping[str, Values],
    palette: Palette,
    groups: Sequence[str] | None = None,
) -> None:
    """Draw paths of shape ``(t, 2)`` (NaN after their end), each in its own colour.

    Names of the starts may be hostile; ``groups`` are those of the cells on the map.
    """
    colours = path_colours(paths, groups, palette)
    for name, path in paths.items():
        add_path(figure, path, colours[name], f"from {name}", palette)


def add_path(figure: go.Figure, path: Values, colour: str, name: str, palette: Palette) -> None:
    """Draw one path with a dot where it starts; ``name`` may be hostile."""
    # A rim of the paper's colour keeps the path apart from cells of the same colour.
    figure.add_trace(
        go.Scatter(
            x=path[:, 0], y=path[:, 1], mode="lines", showlegend=False, hoverinfo="skip",
            legendgroup=escaped(name), line={"color": palette.background, "width": 7}, opacity=0.9,
        )
    )  # fmt: skip
    shared = {"legendgroup": escaped(name), "name": escaped(name)}
    figure.add_trace(
        go.Scatter(
            x=path[:, 0], y=path[:, 1], mode="lines", line={"color": colour, "width": 3}, **shared
        )
    )
    start = {"size": 10, "color": colour, "line": {"color": palette.ink, "width": 1.5}}
    figure.add_trace(
        go.Scatter(
            x=path[:1, 0], y=path[:1, 1], mode="markers", marker=start, showlegend=False, **shared
        )
    )
