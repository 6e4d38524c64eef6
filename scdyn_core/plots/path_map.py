"""Simulated paths drawn over an embedding of the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from scdyn_core.evaluation.field.terms import Values
from scdyn_core.plots.cell_backdrop import add_cells
from scdyn_core.plots.group_names import add_group_names
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.path_lines import add_paths
from scdyn_core.plots.phase_portrait import MARGIN
from scdyn_core.plots.style import equal_scales, legend_at_bottom, styled, true_size


def path_map_figure(
    cells: Values,
    groups: Sequence[str] | None,
    paths: Mapping[str, Values],
    *,
    axis_titles: tuple[str, str] = ("UMAP 1", "UMAP 2"),
    width: float = 940,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw paths over a map whose axes mean nothing.

    Parameters
    ----------
    cells
        Places on the map, shape ``(n, 2)``.
    groups
        Group of every cell (may be hostile), which colours it.
    paths
        Name of a start (may be hostile) -> places, shape ``(t, 2)``; NaN after its end.
    axis_titles
        Escaped.
    width
        Pixels the figure is about to get.
    palette
        Colours.
    """
    figure = go.Figure()
    add_cells(figure, cells, groups, palette)
    add_paths(figure, paths, palette, groups)
    low, high = np.nanmin(cells, axis=0), np.nanmax(cells, axis=0)
    pad = MARGIN * np.maximum(high - low, 1e-9)
    low, high = low - pad, high + pad
    height, pixels = true_size(low, high, width)
    if groups is not None:
        add_group_names(figure, cells, groups, (low, high), pixels, palette)
    styled(figure, palette, height=height)
    equal_scales(figure)
    legend_at_bottom(figure)
    bare = {"showticklabels": False, "ticks": ""}
    figure.update_layout(
        xaxis={"title_text": axis_titles[0], "range": [low[0], high[0]], **bare},
        yaxis={"title_text": axis_titles[1], "range": [low[1], high[1]], **bare},
    )
    return figure
