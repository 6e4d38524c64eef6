"""Cells that can be clicked or lassoed on a figure that draws them in its own way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.text import escaped

#: A selection of more makes the browser slow.
MOST_PICKABLE = 20_000


def add_pickable_cells(figure: go.Figure, xy: Values, names: Sequence[str]) -> None:
    """Lay invisible points over the cells; each carries its row as ``customdata[0]``.

    Names may be hostile; at most ``MOST_PICKABLE`` cells can be picked.
    """
    rows = np.arange(0, len(xy), -(-len(xy) // MOST_PICKABLE))
    figure.add_trace(
        go.Scattergl(
            x=xy[rows, 0],
            y=xy[rows, 1],
            mode="markers",
            marker={"size": 8, "color": "rgba(0,0,0,0)"},
            text=[escaped(names[row]) for row in rows.tolist()],
            # Lists, not arrays: those of an array come back from the browser as objects.
            customdata=[[row] for row in rows.tolist()],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
            selected={"marker": {"color": "rgba(0,0,0,0)"}},
            unselected={"marker": {"opacity": 0}},
        )
    )
