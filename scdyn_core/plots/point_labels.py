"""Names of a few points, where they cover neither each other nor many points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import escaped

Values = NDArray[np.float64]

#: Width of a letter and height of a line, pixels.
LETTER, LINE = 8.5, 18.0
#: How far from its point a name may stand, pixels, and in how many directions.
DISTANCES, DIRECTIONS = (18.0, 30.0, 46.0, 66.0, 90.0), 12
#: A name on another costs as much as this many points; a pixel of distance as this many.
OVERLAP, PIXEL = 1e6, 0.4
#: What a picture is taken to measure, for whether names lie on each other.
_ASSUMED = np.array([620.0, 400.0])


def add_point_labels(
    figure: go.Figure, xy: Values, rows: Sequence[int], names: Sequence[str], palette: Palette
) -> None:
    """Write names (may be hostile) beside points, each with a line to its own.

    Parameters
    ----------
    xy
        All points, shape ``(n, 2)``, on axes of one scale.
    rows
        Points that are named; those that are not finite are left out.
    names
        As many.
    """
    whole = xy[np.isfinite(xy).all(axis=1)]
    if not len(whole):
        return
    low, span = whole.min(axis=0), np.maximum(np.ptp(whole, axis=0), 1e-12)
    pixels = (xy - low) * (_ASSUMED / span).min()
    crowd = pixels[np.isfinite(pixels).all(axis=1)]
    crowd = crowd[:: -(-len(crowd) // 5_000)]
    end = crowd.max(axis=0) + 30.0
    taken: list[tuple[Values, Values]] = [(pixels[row], np.array([5.0, 5.0])) for row in rows]
    for row, name in zip(rows, names, strict=True):
        if not np.isfinite(xy[row]).all():
            continue
        text = escaped(name)
        half = np.array([LETTER * len(str(name)[:60]), LINE]) / 2
        # No place is further away: other points are not covered.
        near = crowd[(np.abs(crowd - pixels[row]) < max(DISTANCES) + 2 * half).all(axis=1)]
        place = min(
            _places(half),
            key=lambda at: _cost(pixels[row] + at, half, at, near, end, taken),
        )
        taken.append((pixels[row] + place, half))
        figure.add_annotation(
            x=float(xy[row, 0]), y=float(xy[row, 1]), ax=float(place[0]), ay=-float(place[1]),
            text=f"<b>{text}</b>", showarrow=True, arrowhead=0, arrowwidth=1.2,
            arrowcolor=palette.ink, font={"size": 12, "color": palette.ink},
            bgcolor=palette.background, opacity=0.9, borderpad=1,
        )  # fmt: skip


def _places(half: Values) -> list[Values]:
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    return [
        np.array([(distance + half[0]) * np.cos(angle), distance * np.sin(angle)])
        for distance, angle in product(DISTANCES, angles)
    ]


def _cost(
    at: Values, half: Values, moved: Values, near: Values, end: Values,
    taken: list[tuple[Values, Values]],
) -> float:  # fmt: skip
    covered = int((np.abs(near - at) < half).all(axis=1).sum())
    on_names = sum(bool((np.abs(at - other) < half + size).all()) for other, size in taken)
    outside = bool((at - half < -30.0).any() or (at + half > end).any())
    return covered + OVERLAP * (on_names + outside) + PIXEL * float(np.linalg.norm(moved))
