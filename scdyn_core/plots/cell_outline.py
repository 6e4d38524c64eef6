"""What was drawn around cells, kept in sight: it can be moved, added to and wiped."""

from __future__ import annotations

import plotly.graph_objects as go

from scdyn_core.data.cell_sets.outline import Outline
from scdyn_core.plots.cell_points import ABOVE
from scdyn_core.plots.palette import Palette


def add_outline(figure: go.Figure, outline: Outline | None, palette: Palette) -> None:
    """Draw lassos and boxes as a browser does while they are drawn.

    Its figure starts with them, so that Shift adds to what is selected already.
    """
    if outline is None:
        return
    axes = {"xref": ABOVE["xaxis"], "yref": ABOVE["yaxis"]}
    line = {"color": palette.ink, "width": 1.5, "dash": "dot"}
    for lasso in outline.lassos:
        corners = "L".join(f"{x!r},{y!r}" for x, y in zip(lasso.x, lasso.y, strict=True))
        figure.add_selection(type="path", path=f"M{corners}Z", line=line, **axes)
    for box in outline.boxes:
        figure.add_selection(
            type="rect", x0=box.x[0], x1=box.x[1], y0=box.y[0], y1=box.y[1], line=line, **axes
        )
