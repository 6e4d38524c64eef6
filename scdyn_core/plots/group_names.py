"""Names of groups written on a map beside their cells, where they cover little."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.perturbation_looks import short
from scdyn_core.plots.points import MOST_POINTS, OTHER, groups_of
from scdyn_core.plots.text import escaped

#: Groups that can be named on the map before names cover it.
MOST_NAMES = 14
#: Width of a letter and height of a line, pixels.
LETTER, LINE = 8.0, 19.0
#: Where a name may stand, in pixels from the middle of its group.
DISTANCES = (0.0, 24.0, 44.0, 70.0, 100.0)
DIRECTIONS = 12
#: Half the size of a mark that no name may cover, pixels.
MARK = np.array([26.0, 22.0])
#: Cells among which the middle of a group is looked for.
MOST_MIDDLE = 400
#: Share of a group that is to be near its middle: of two parts, the larger one has it.
NEAR = 0.4
#: Half the size of the middle of a group, pixels.
MIDDLE = np.array([7.0, 7.0])
#: A name on another name is worse than on this many cells; a pixel of distance costs this many.
OVERLAP, PIXEL = 1e6, 1.2


def add_group_names(
    figure: go.Figure,
    xy: Values,
    groups: Sequence[str],
    corners: tuple[Values, Values],
    pixels: float,
    palette: Palette,
    avoid: Values | None = None,
) -> None:
    """Write the name of each group (may be hostile) near its middle cell.

    Parameters
    ----------
    xy
        Cells, shape ``(n, 2)``.
    corners
        Lowest and highest corner of the plot.
    pixels
        Per unit of ``xy``, both axes alike.
    avoid
        Places that no name may cover, shape ``(m, 2)``.
    """
    member, order = groups_of(pd.Series(list(groups)))
    members = member.to_numpy(dtype=str)
    named = [group for group in order if group != OTHER and (members == group).any()]
    if len(named) > MOST_NAMES:
        return
    marks = np.empty((0, 2)) if avoid is None else avoid
    boxes = [(mark * pixels, MARK) for mark in marks]
    some = xy[:: -(-len(xy) // MOST_POINTS)] * pixels
    low, high = (corner * pixels for corner in corners)
    middles = {group: middle_cell(xy[members == group]) * pixels for group in named}
    # The middle of a group stays free: paths start there.
    boxes += [(middle, MIDDLE) for middle in middles.values()]
    for position, group in enumerate(named):
        middle = middles[group]
        name = short(group)
        half = np.array([LETTER * len(name), LINE]) / 2
        place = min(
            _candidates(middle),
            key=lambda at: _cost(at, half, middle, some, boxes, (low, high)),
        )
        boxes.append((place, half))
        hue = palette.categorical[position % len(palette.categorical)]
        (x, y), (ax, ay) = middle / pixels, place / pixels
        figure.add_annotation(
            x=x, y=y, ax=ax, ay=ay, axref="x", ayref="y", text=f"<b>{escaped(name)}</b>",
            showarrow=True, arrowhead=0, arrowwidth=1.5, arrowcolor=hue,
            font={"size": 13, "color": palette.ink}, bgcolor=palette.background, opacity=0.9,
            borderpad=1,
        )  # fmt: skip


def middle_cell(xy: Values) -> Values:
    """Return the place of the cell around which a group lies, though it be in several parts.

    Parameters
    ----------
    xy
        Its cells, shape ``(n, 2)``, at least one.
    """
    some = xy[:: -(-len(xy) // MOST_MIDDLE)]
    distances = np.linalg.norm(some[:, None] - some[None], axis=2)
    middle: Values = some[int(np.quantile(distances, NEAR, axis=1).argmin())]
    return middle


def _candidates(middle: Values) -> list[Values]:
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    around = [
        # Names are wide: to stand beside, they must go further.
        middle + distance * np.array([1.6 * np.cos(angle), np.sin(angle)])
        for distance, angle in product(DISTANCES[1:], angles)
    ]
    return [middle, *around]


def _cost(
    at: Values,
    half: Values,
    middle: Values,
    cells: Values,
    boxes: list[tuple[Values, Values]],
    corners: tuple[Values, Values],
) -> float:
    covered = int((np.abs(cells - at) < half).all(axis=1).sum())
    on_names = sum(bool((np.abs(at - other) < half + size).all()) for other, size in boxes)
    outside = bool((at - half < corners[0]).any() or (at + half > corners[1]).any())
    return covered + OVERLAP * (on_names + outside) + PIXEL * float(np.linalg.norm(at - middle))
