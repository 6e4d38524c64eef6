"""Names of groups in the midst of their cells."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.cell_colours import GroupColours
from scdyn_core.plots.cell_emphasis import Mask
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import escaped

#: Groups whose names fit on a map.
MOST_NAMES = 40
_LONGEST = 24
_SIZE = 12
#: Width of a letter and height of a line, in sizes of the font.
_LETTER, _LINE = 0.58, 1.3


def add_names(
    figure: go.Figure,
    xy: NDArray[np.float32],
    colours: GroupColours,
    front: Mask | None,
    *,
    pixel: float,
    palette: Palette,
) -> None:
    """Write the name of every group at the median of its cells that are drawn in colour.

    Large groups first: a name that would lie on another one is left out.

    Parameters
    ----------
    pixel
        Size of a pixel in the units of the map.
    """
    if len(colours.groups) > MOST_NAMES:
        return
    taken: list[tuple[float, float, float]] = []
    for position, x, y in _middles(xy, colours, front):
        name = colours.groups[position]
        text = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
        half = 0.5 * _LETTER * _SIZE * len(text) * pixel
        if any(abs(x - other_x) < half + other_half and abs(y - other_y) < _LINE * _SIZE * pixel
               for other_x, other_y, other_half in taken):  # fmt: skip
            continue
        taken.append((x, y, half))
        figure.add_annotation(
            x=x, y=y, text=f"<b>{escaped(text)}</b>", showarrow=False, opacity=0.85,
            font={"size": _SIZE, "color": palette.ink}, bgcolor=palette.background, borderpad=1,
        )  # fmt: skip


def _middles(
    xy: NDArray[np.float32], colours: GroupColours, front: Mask | None
) -> list[tuple[int, float, float]]:
    """Return group, x and y of the middle of every group that is drawn, the largest first."""
    drawn = np.isfinite(xy).all(axis=1)
    cells = np.flatnonzero(drawn if front is None else drawn & front)
    codes = colours.codes[cells]
    cells = cells[np.argsort(codes, kind="stable")]
    sizes = np.bincount(codes, minlength=len(colours.groups))
    ends = np.cumsum(sizes)
    found = []
    for position in np.argsort(-sizes, kind="stable").tolist():
        members = cells[ends[position] - sizes[position] : ends[position]]
        if len(members):
            x, y = np.median(xy[members], axis=0)
            found.append((position, float(x), float(y)))
    return found
