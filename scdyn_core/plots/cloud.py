"""Many simulated cells at once: some of their paths, thin, and where all of them end."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.text import escaped

#: Paths drawn: more hide each other.
MOST_PATHS = 25


def add_cloud(figure: go.Figure, states: Values, ends: Values, colour: str, name: str) -> None:
    """Draw paths and ends in one colour.

    Parameters
    ----------
    states
        Shape ``(t, n, 2)``, NaN after a path ended; ``MOST_PATHS`` of the ``n``, evenly taken.
    ends
        Shape ``(n, 2)``.
    colour, name
        Look and legend entry.
    """
    some = states[:, :: -(-states.shape[1] // MOST_PATHS)]
    gap = np.full((1, *some.shape[1:]), np.nan)
    lines = np.concatenate([some, gap]).transpose(1, 0, 2).reshape(-1, 2)
    shared = {"legendgroup": name, "hoverinfo": "skip"}
    figure.add_trace(
        go.Scatter(
            x=lines[:, 0], y=lines[:, 1], mode="lines", opacity=0.55,
            name=f"paths, {escaped(name)}", line={"color": colour, "width": 1.2}, **shared,
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=ends[:, 0],
            y=ends[:, 1],
            mode="markers",
            name=f"ends, {escaped(name)}",
            marker={"symbol": "x-thin", "size": 6, "line": {"width": 1.5, "color": colour}},
            **shared,
        )
    )
