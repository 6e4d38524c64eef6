"""Arrow fields: cells' velocities averaged on a grid, and arrows drawn as one line trace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

Values = NDArray[np.float64]

#: Cells an average square should hold, and the bounds of the number of squares along an axis.
CELLS_PER_SQUARE = 9
FEWEST_SQUARES, MOST_SQUARES = 14, 20

#: Length of a fast arrow in grid squares.
LONGEST_ARROW = 1.4
#: Barbs of an arrow head: length relative to the shaft, and the angle to it.
HEAD_LENGTH = 0.35
HEAD_ANGLE = np.deg2rad(28)


@dataclass(frozen=True)
class Arrows:
    """Arrows in a plane: ``position`` and ``vector``, shape ``(n, 2)``, data units."""

    position: Values
    vector: Values

    def scale_for(self, span: Values, cells: int) -> float:
        """Return the factor that makes a fast arrow a little longer than a grid square."""
        length = np.linalg.norm(self.vector / span, axis=1)
        finite = length[np.isfinite(length)]
        fast = float(np.quantile(finite, 0.95)) if len(finite) else 0.0
        return LONGEST_ARROW / cells / fast if fast > 0 else 0.0


def squares_for(n: int) -> int:
    """Return how many squares along each axis suit ``n`` cells."""
    return int(np.clip(np.sqrt(n / CELLS_PER_SQUARE), FEWEST_SQUARES, MOST_SQUARES))


def grid_average(
    position: Values, vector: Values, *, cells: int = 20, least: int | None = None
) -> Arrows:
    """Average velocities in the squares of a grid.

    Parameters
    ----------
    position, vector
        Shape ``(n, 2)``; rows that are not finite are left out.
    cells
        Squares along each axis.
    least
        Cells a square needs to get an arrow; by default a twentieth of a full square's share,
        at least 2, so that single cells at the rim draw none.
    """
    whole = np.isfinite(position).all(axis=1) & np.isfinite(vector).all(axis=1)
    position, vector = position[whole], vector[whole]
    if len(position) == 0:
        return Arrows(position, vector)
    low, span = position.min(axis=0), np.maximum(np.ptp(position, axis=0), 1e-12)
    square = np.minimum((cells * (position - low) / span).astype(int), cells - 1)
    flat = square[:, 0] * cells + square[:, 1]
    number = np.bincount(flat, minlength=cells**2)
    occupied = int(np.count_nonzero(number))
    needed = max(2, len(position) // (20 * max(occupied, 1)))
    full = number >= (needed if least is None else least)

    def mean(values: Values) -> Values:
        sums = [np.bincount(flat, weights=values[:, axis], minlength=cells**2) for axis in (0, 1)]
        averages: Values = np.column_stack(sums)[full] / number[full, None]
        return averages

    return Arrows(mean(position), mean(vector))


def arrow_trace(
    arrows: Arrows,
    span: Values,
    *,
    cells: int,
    colour: str,
    name: str,
    width: float = 1.8,
    scale: float | None = None,
) -> go.Scatter:
    """Draw arrows as one trace.

    Parameters
    ----------
    arrows
        What to draw.
    span
        Extent of the plot along x and y, shape ``(2,)``: heads must look right on axes of
        different scale, so lengths and angles are taken relative to it.
    cells
        Grid squares along each axis.
    colour, name, width
        Look and legend entry; ``name`` must be escaped.
    scale
        Length of the arrows per unit of the vectors; by default ``arrows.scale_for``.
    """
    start = arrows.position / span
    shaft = arrows.vector / span * (arrows.scale_for(span, cells) if scale is None else scale)
    longest = LONGEST_ARROW / cells
    # No arrow may cover its neighbours, however much faster it is than the rest.
    over = np.maximum(np.linalg.norm(shaft, axis=1) / longest, 1.0)
    shaft = shaft / over[:, None]
    tip = start + shaft
    nothing = np.full_like(tip, np.nan)
    left, right = (tip - HEAD_LENGTH * _turned(shaft, sign * HEAD_ANGLE) for sign in (1, -1))
    line = np.stack([start, tip, left, tip, right, nothing], axis=1).reshape(-1, 2) * span
    return go.Scatter(
        x=line[:, 0],
        y=line[:, 1],
        mode="lines",
        name=name,
        line={"color": colour, "width": width},
        hoverinfo="skip",
        connectgaps=False,
    )


def _turned(vectors: Values, angle: float) -> Values:
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.array([[cos, -sin], [sin, cos]])
    turned: Values = vectors @ rotation.T
    return turned
