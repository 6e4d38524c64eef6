"""Fixed points in a plane: filled where cells would stay, open where they would leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from scdyn_core.evaluation.field.fixed_points import FixedPoint
from scdyn_core.evaluation.field.plane import Plane
from scdyn_core.plots.palette import Palette

#: First word of the kind -> name in the legend, symbol.
SYMBOLS = {
    "stable": ("stable", "circle"),
    "saddle": ("saddle", "diamond-open"),
    "unstable": ("unstable", "circle-open"),
    "undecided": ("undecided", "x-thin-open"),
}


def add_fixed_points(
    figure: go.Figure, points: Sequence[FixedPoint], plane: Plane, palette: Palette
) -> None:
    """Draw points at their place in the plane, numbered from 1; paler beyond the cells."""
    for word, (name, symbol) in SYMBOLS.items():
        chosen = [(n, p) for n, p in enumerate(points, 1) if p.kind.split()[0] == word]
        if not chosen:
            continue
        places = np.array([plane.flatten(point.position) for _, point in chosen])
        offsets = plane.offset(np.array([point.position for _, point in chosen]))
        colours = [palette.ink if point.among else palette.muted for _, point in chosen]
        # A disc of the paper's colour keeps open symbols legible over arrows and cells.
        figure.add_trace(
            go.Scatter(
                x=places[:, 0], y=places[:, 1], mode="markers", hoverinfo="skip",
                showlegend=False, legendgroup=name,
                marker={"size": 17, "color": palette.background, "opacity": 0.85},
            )
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=places[:, 0],
                y=places[:, 1],
                mode="markers",
                name=f"{name} fixed point",
                legendgroup=name,
                text=[f"<b>{number}</b>" for number, _ in chosen],
                marker={
                    "symbol": symbol,
                    "size": 12,
                    "color": colours,
                    "line": {"width": 2.5, "color": colours},
                },
                customdata=[
                    (
                        point.kind,
                        "among the cells" if point.among else "beyond the cells",
                        f"{offset:.2g}",
                        f"{point.growth:.3g}",
                    )
                    for (_, point), offset in zip(chosen, offsets, strict=True)
                ],
                hovertemplate="%{text} %{customdata[0]}, %{customdata[1]}<br>"
                "%{customdata[2]} sd off this plane<br>growth %{customdata[3]}<extra></extra>",
            )
        )
        for (number, _), (x, y), colour in zip(chosen, places, colours, strict=True):
            figure.add_annotation(
                x=x, y=y, xshift=14, yshift=12, text=f"<b>{number}</b>", showarrow=False,
                font={"size": 13, "color": colour}, bgcolor=palette.background, opacity=0.9,
                borderpad=0,
            )  # fmt: skip
