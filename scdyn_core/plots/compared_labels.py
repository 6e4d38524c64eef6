"""Where the samples of each group of one run are in the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy.optimize import linear_sum_assignment

from scdyn_core.plots.cluster_colours import translucent
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped

#: Pixels of a group, bounds of the height, and of what is no group.
_GROUP, _LOWEST, _HIGHEST, _EDGES = 34, 300, 900, 86


def flow_figure(
    counts: pd.DataFrame,
    titles: tuple[tuple[str, str], tuple[str, str]],
    *,
    words: str = "",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw a Sankey diagram: groups of the first left, of the second right.

    A group of the second has the colour of the group of the first that it shares most with, one
    to one (the Hungarian method); groups left over are grey.

    Parameters
    ----------
    counts
        Samples in each group of both: rows the groups of the first, columns those of the second;
        names may be hostile.
    titles
        Of the two sides: name of the run, and of its groups; may be hostile.
    words
        What stands before the name of a group, such as ``Cluster``.
    palette
        Colours.
    """
    values = counts.to_numpy(dtype=np.int64)
    order, left, right = _arranged(values, palette)
    row, column = np.nonzero(values)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    names = [f"{words} {name}".strip() for name in counts.index]
    names += [f"{words} {counts.columns[at]}".strip() for at in order]
    figure = go.Figure(
        go.Sankey(
            arrangement="fixed",
            node={
                "label": [escaped(name) for name in names],
                "color": [*left, *(right[at] for at in order)],
                "pad": 12,
                "thickness": 16,
                "line": {"width": 0},
                **_positions(values.sum(axis=1), values.sum(axis=0)[order]),
                "hovertemplate": "%{label}: %{value:,}<extra></extra>",
            },
            link={
                "source": row,
                "target": len(counts) + place[column],
                "value": values[row, column],
                "color": [translucent(left[at], 0.35) for at in row],
                "hovertemplate": "%{source.label} → %{target.label}: %{value:,}<extra></extra>",
            },
            textfont={"color": palette.ink, "size": 12, "shadow": "none"},
        )
    )
    height = _EDGES + float(np.clip(_GROUP * max(values.shape), _LOWEST, _HIGHEST))
    styled(figure, palette, height=height)
    figure.update_layout(margin={"l": 12, "r": 12, "t": 56, "b": 20})
    for x, anchor, title in ((0, "left", titles[0]), (1, "right", titles[1])):
        figure.add_annotation(
            text=f"<b>{escaped(title[0])}</b><br>{escaped(title[1])}",
            x=x, xanchor=anchor, y=1, yanchor="bottom", yshift=8,
            xref="paper", yref="paper", showarrow=False, align=anchor,
            font={"size": 13, "color": palette.ink},
        )  # fmt: skip
    return figure


def _arranged(
    values: np.ndarray[tuple[int, int], np.dtype[np.int64]], palette: Palette
) -> tuple[list[int], list[str], list[str]]:
    """Return the order of the second's groups, and the colours of both."""
    hues = palette.categorical
    left = [hues[at % len(hues)] for at in range(values.shape[0])]
    rows, columns = linear_sum_assignment(values, maximize=True)
    partner = {int(c): int(r) for r, c in zip(rows, columns, strict=True) if values[r, c] > 0}
    right = [
        left[partner[at]] if at in partner else palette.baseline for at in range(values.shape[1])
    ]
    # Few ribbons cross when a group stands at the height its samples come from.
    height = (np.arange(values.shape[0]) @ values) / np.maximum(values.sum(axis=0), 1)
    return np.argsort(height, kind="stable").tolist(), left, right


def _positions(
    left: np.ndarray[tuple[int], np.dtype[np.int64]],
    right: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> dict[str, list[float]]:
    """Return the middle of every group, as a share of the figure; plotly wants none at 0 or 1."""
    x, y = [], []
    for at, sizes in ((0.001, left), (0.999, right)):
        share = sizes / max(int(sizes.sum()), 1)
        middle = np.cumsum(share) - share / 2
        x += [at] * len(sizes)
        y += np.clip(middle, 0.001, 0.999).tolist()
    return {"x": x, "y": y}
