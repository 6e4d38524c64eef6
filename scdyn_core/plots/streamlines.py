"""Streamlines of a planar field, evenly spaced, where the cells are.

After Jobard and Lefer (1997): a line ends where it comes too near to one that is drawn, and long
lines go first.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

Values = NDArray[np.float64]

#: In shares of the plot: distance between lines, step along one, and the shortest drawn.
SPACING, STEP, SHORTEST = 0.032, 0.008, 0.07
STEPS = 55
#: Points of the grid along each axis, and how far it reaches beyond the plot.
GRID, EDGE = 90, 0.02
SEEDS = 34
#: Steps after which a line that comes back to itself ends: it would only draw over itself.
OWN_TRAIL = 12


def streamlines(
    velocity: Callable[[Values], Values],
    near: Callable[[Values], NDArray[np.bool_]],
    low: Values,
    high: Values,
    spacing: float = SPACING,
) -> list[Values]:
    """Return lines that follow the field, each of shape ``(points, 2)``, in its direction.

    Parameters
    ----------
    velocity, near
        Of places ``(n, 2)``: the field, and whether to draw there.
    low, high
        Corners of the plot, shape ``(2,)``.
    spacing
        Least distance between lines, in shares of the plot.
    """
    span = high - low
    interpolated = _on_grid(lambda unit: velocity(low + unit * span) / span)

    def direction(unit: Values) -> Values:
        vector = interpolated(unit)
        length = np.linalg.norm(vector, axis=1, keepdims=True)
        return np.asarray(np.divide(vector, length, out=np.zeros_like(vector), where=length > 0))

    side = (np.arange(SEEDS) + 0.5) / SEEDS
    seeds = np.column_stack([axis.ravel() for axis in np.meshgrid(side, side)])
    seeds = seeds[near(low + seeds * span)]
    if not len(seeds):
        return []
    ways = [_walk(direction, lambda u: near(low + u * span), seeds, way) for way in (-1.0, 1.0)]
    order = np.argsort([-len(a) - len(b) for a, b in zip(*ways, strict=True)], kind="stable")
    taken: set[tuple[int, int]] = set()
    lines = []
    for number in order:
        back, ahead = (_until_taken(way[number], taken, spacing) for way in ways)
        line = np.concatenate([back[:0:-1], ahead])
        if len(line) * STEP >= SHORTEST:
            taken.update(_squares(line, spacing))
            lines.append(low + line * span)
    return lines


def _on_grid(velocity: Callable[[Values], Values]) -> Callable[[Values], Values]:
    """Evaluate a field of the unit square once; places in between are interpolated."""
    from scipy.interpolate import RegularGridInterpolator

    side = np.linspace(-EDGE, 1.0 + EDGE, GRID)
    x, y = np.meshgrid(side, side, indexing="ij")
    values = velocity(np.column_stack([x.ravel(), y.ravel()])).reshape(GRID, GRID, 2)
    interpolator = RegularGridInterpolator((side, side), values, bounds_error=False, fill_value=0.0)
    return lambda unit: np.asarray(interpolator(unit), dtype=np.float64)


def _walk(
    direction: Callable[[Values], Values],
    near: Callable[[Values], NDArray[np.bool_]],
    seeds: Values,
    way: float,
) -> list[Values]:
    """Follow the field from all seeds at once (midpoint rule, equal steps of arc length)."""
    place, alive = seeds.copy(), np.ones(len(seeds), dtype=bool)
    trail = [place.copy()]
    lengths = np.ones(len(seeds), dtype=int)
    for _ in range(STEPS):
        middle = place + way * STEP / 2 * direction(place)
        step = way * STEP * direction(middle)
        place = place + np.where(alive[:, None], step, 0.0)
        # Where a whole step turns round, the field converges: a fixed point or a nullcline.
        alive &= near(place) & ((direction(place) * step).sum(axis=1) * way > 0)
        lengths += alive
        trail.append(place.copy())
        if not alive.any():
            break
    points = np.stack(trail, axis=1)
    return [line[:length] for line, length in zip(points, lengths, strict=True)]


def _squares(line: Values, spacing: float) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in np.floor(line / spacing)]


def _until_taken(line: Values, taken: set[tuple[int, int]], spacing: float) -> Values:
    first_seen: dict[tuple[int, int], int] = {}
    for position, square in enumerate(_squares(line, spacing)):
        own = position - first_seen.setdefault(square, position)
        if square in taken or own > OWN_TRAIL:
            return line[:position]
    return line


def add_streamlines(
    figure: go.Figure, lines: list[Values], *, colour: str, name: str, width: float = 1.1
) -> None:
    """Draw lines as one trace and an arrow head in the middle of each as another."""
    if not lines:
        return
    gap = np.full((1, 2), np.nan)
    joined = np.concatenate([part for line in lines for part in (line, gap)])
    figure.add_trace(
        go.Scatter(
            x=joined[:, 0], y=joined[:, 1], mode="lines", name=name, legendgroup=name,
            line={"color": colour, "width": width}, hoverinfo="skip", opacity=0.85,
        )
    )  # fmt: skip
    middles = np.array([line[len(line) // 2] for line in lines])
    ahead = np.array([line[min(len(line) // 2 + 1, len(line) - 1)] for line in lines]) - middles
    figure.add_trace(
        go.Scatter(
            x=middles[:, 0],
            y=middles[:, 1],
            mode="markers",
            name=name,
            legendgroup=name,
            showlegend=False,
            hoverinfo="skip",
            marker={
                "symbol": "arrow-wide",
                "size": 7,
                "angle": np.degrees(np.arctan2(ahead[:, 0], ahead[:, 1])),
                "color": colour,
            },
        )
    )
