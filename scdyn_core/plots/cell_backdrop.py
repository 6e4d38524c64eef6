"""Cells as a quiet backdrop, in the colours of their groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.points import MOST_POINTS, add_background, groups_of, point_trace
from scdyn_core.plots.text import escaped


def add_cells(
    figure: go.Figure, xy: Values, groups: Sequence[str] | None, palette: Palette
) -> None:
    """Draw cells at ``xy`` (n, 2); grey without groups. Names of groups may be hostile."""
    kept = np.arange(len(xy))
    if len(xy) > MOST_POINTS:
        kept = np.sort(np.random.default_rng(0).choice(len(xy), MOST_POINTS, replace=False))
    if groups is None:
        add_background(figure, xy[kept, 0], xy[kept, 1], palette)
        return
    member, order = groups_of(pd.Series(list(groups)))
    members = member.to_numpy(dtype=str)
    for position, group in enumerate(order):
        own = kept[members[kept] == group]
        hue = palette.categorical[position % len(palette.categorical)]
        figure.add_trace(
            point_trace(
                xy[own, 0], xy[own, 1], len(xy), colour=hue, opacity=0.5, name=escaped(group)
            )
        )
