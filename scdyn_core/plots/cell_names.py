"""Names of groups in the midst of their cells."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scdyn_core.plots.cell_colours import GroupColours
from scdyn_core.plots.cell_emphasis import Mask
from scdyn_core.plots.cell_raster import Window
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import escaped

#: Groups whose names fit on a map.
MOST_NAMES = 40
_LONGEST = 24
_SIZE = 12
#: Width of a letter and height of a line, in sizes of the font.
_LETTER, _LINE = 0.58, 1.3
#: Squares along a side of the grid in which cells are counted, and the share of the most cells in
#: nine of them from which on a place is one where the group is.
_SQUARES, _NEAR = 24, 0.4


def add_names(
    figure: go.Figure,
    xy: NDArray[np.float32],
    colours: GroupColours,
    front: Mask | None,
    window: Window,
    *,
    pixel: float,
    palette: Palette,
) -> None:
    """Write the name of every group where its cells are that are drawn in colour.

    Large groups first: a name that would lie on another one is left out.

    Parameters
    ----------
    window
        What is drawn; names stay inside.
    pixel
        Size of a pixel in the units of the map.
    """
    if len(colours.groups) > MOST_NAMES:
        return
    taken: list[tuple[float, float, float]] = []
    for position, x, y in _middles(xy, colours, front, window):
        name = colours.groups[position]
        text = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
        half = 0.5 * _LETTER * _SIZE * len(text) * pixel
        x = max(min(x, window.x[1] - half), window.x[0] + half)
        if any(abs(x - other_x) < half + other_half and abs(y - other_y) < _LINE * _SIZE * pixel
               for other_x, other_y, other_half in taken):  # fmt: skip
            continue
        taken.append((x, y, half))
        figure.add_annotation(
            x=x, y=y, text=f"<b>{escaped(text)}</b>", showarrow=False, opacity=0.85,
            font={"size": _SIZE, "color": palette.ink}, bgcolor=palette.background, borderpad=1,
        )  # fmt: skip


def _middles(
    xy: NDArray[np.float32], colours: GroupColours, front: Mask | None, window: Window
) -> list[tuple[int, float, float]]:
    """Return group, x and y of the middle of every group that is drawn, the largest first."""
    drawn = window.inside(xy)
    cells = np.flatnonzero(drawn if front is None else drawn & front)
    codes = colours.codes[cells]
    cells = cells[np.argsort(codes, kind="stable")]
    sizes = np.bincount(codes, minlength=len(colours.groups))
    ends = np.cumsum(sizes)
    found = []
    for position in np.argsort(-sizes, kind="stable").tolist():
        members = cells[ends[position] - sizes[position] : ends[position]]
        if len(members):
            x, y = _middle(xy[members], window)
            found.append((position, x, y))
    return found


def _middle(xy: NDArray[np.float32], window: Window) -> tuple[float, float]:
    """Return the median of cells; where few are near it, that of the place where most are.

    A group in two parts, as of two conditions, has its median where there is none of it.
    """
    middle = np.median(xy, axis=0)
    squares = _squares(xy, window)
    row, column = _squares(middle[None], window)[0]
    counts = np.zeros((_SQUARES + 2, _SQUARES + 2), dtype=np.int64)
    np.add.at(counts, (squares[:, 0] + 1, squares[:, 1] + 1), 1)
    near = sliding_window_view(counts, (3, 3)).sum(axis=(2, 3))
    if near[row, column] < _NEAR * near.max():
        row, column = np.unravel_index(near.argmax(), near.shape)
        middle = np.median(xy[(np.abs(squares - (row, column)) <= 1).all(axis=1)], axis=0)
    return float(middle[0]), float(middle[1])


def _squares(xy: NDArray[np.float32], window: Window) -> NDArray[np.int64]:
    """Return the square of a grid over the window in which every point is, shape (points, 2)."""
    low = np.array([window.x[0], window.y[0]])
    span = np.array([window.x[1], window.y[1]]) - low
    places: NDArray[np.int64] = np.clip((xy - low) / span * _SQUARES, 0, _SQUARES - 1).astype(
        np.int64
    )
    return places
