"""What each cluster of genes does over time: one panel a cluster, one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.cluster_colours import cluster_name
from scdyn_core.plots.cluster_traces import MARKS, band_and_mean, kinetic_marks, member_curves
from scdyn_core.plots.fold_change import fitted_changes
from scdyn_core.plots.highlighted_curves import (
    add_highlighted_curves,
    highlighted,
    write_curve_names,
)
from scdyn_core.plots.observed_points import FOLD_CHANGE
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.time_axis import TimeAxis, TimeScale

#: Curves of single genes drawn in a panel, the most typical ones.
MOST_MEMBERS = 60
_ROW_PIXELS = 230
_EDGES = 150
#: Room for the names of genes right of the curves, shares of the axis.
_NAMES = 0.3


def cluster_panels_figure(
    fitted: pd.DataFrame,
    clusters: pd.DataFrame,
    cluster_curves: pd.DataFrame,
    summary: pd.DataFrame,
    *,
    genes: Sequence[str] = (),
    only: Sequence[int] | None = None,
    columns: int = 3,
    time_scale: TimeScale = "auto",
    time_title: str = "time",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw mean, 5 to 95 % band and typical members of every cluster.

    Parameters
    ----------
    fitted
        A run's table: gene, time, fitted, measured.
    clusters, cluster_curves, summary
        The run's tables ``clusters``, ``cluster_curves`` and ``cluster_summary`` of one choice.
    genes
        Genes of interest (may be hostile), drawn with their names in the panel of their cluster.
    only
        Clusters shown; all by default.
    columns
        Panels side by side.
    time_scale, time_title
        See ``TimeAxis``; the title may be hostile.
    palette
        Colours.
    """
    shown = summary.set_index("cluster").sort_index()
    if only is not None:
        shown = shown.loc[[number for number in only if number in shown.index]]
    numbers = [int(number) for number in shown.index]
    changes = fitted_changes(fitted)
    axis = TimeAxis.of(changes.columns, time_scale)
    columns = max(1, min(columns, len(shown)))
    rows = max(1, -(-len(shown) // columns))
    height = _EDGES + _ROW_PIXELS * rows
    figure = make_subplots(
        rows, columns, shared_yaxes="all", horizontal_spacing=0.03,
        vertical_spacing=min(62 / height, 0.9 / max(rows - 1, 1)),
        subplot_titles=[
            f"<b>{cluster_name(number)}</b> · {size:,} gene{'s' if size != 1 else ''}"
            for number, size in zip(numbers, shown["size"], strict=True)
        ],
    )  # fmt: skip
    styled(figure, palette, height=height)
    reach: list[Any] = [np.zeros(1)]
    for position, number in enumerate(numbers):
        place = {"row": position // columns + 1, "col": position % columns + 1}
        own = clusters[clusters["cluster"] == number]
        curve = cluster_curves[cluster_curves["cluster"] == number].sort_values("time")
        members = changes.loc[_typical(own, changes)]
        for trace in (
            member_curves(members, axis, number, palette),
            *band_and_mean(curve, axis, number, palette),
            *kinetic_marks(curve, shown.iloc[position], axis, palette),
        ):
            figure.add_trace(trace, **place)
        picked = changes.loc[[g for g in genes if g in set(own["gene"]) and g in changes.index]]
        reach += [picked.to_numpy().ravel(), curve[["low", "high"]].to_numpy().ravel()]
        if members.size:
            reach.append(np.nanquantile(members.to_numpy(), [0.005, 0.995]))
        add_highlighted_curves(figure, picked, axis, place, palette)
    _axes(figure, axis, np.concatenate(reach), len(shown), columns, time_title, palette)
    return figure


def _typical(own: pd.DataFrame, changes: pd.DataFrame) -> list[str]:
    known = own[own["gene"].isin(changes.index)]
    order = known.sort_values("membership", ascending=False, kind="stable")
    return [str(gene) for gene in order["gene"].head(MOST_MEMBERS)]


def _axes(
    figure: go.Figure,
    axis: TimeAxis,
    reach: Any,
    panels: int,
    columns: int,
    time_title: str,
    palette: Palette,
) -> None:
    low, high = float(np.nanmin(reach)), float(np.nanmax(reach))
    room = 0.06 * (high - low) or 1.0
    bottom, top = low - room, high + room
    settings = axis.settings(time_title, clear=0.11)
    title = settings.pop("title_text")
    if highlighted(figure) and settings["range"]:
        start, end = settings["range"]
        settings["range"] = [start, end + _NAMES * (end - start)]
    write_curve_names(figure, bottom, top, palette)
    figure.update_xaxes(showticklabels=True, **settings)
    figure.update_yaxes(
        range=[bottom, top], zeroline=True, zerolinecolor=palette.muted, zerolinewidth=1
    )
    figure.update_yaxes(title_text=FOLD_CHANGE, col=1)
    for column in range(min(columns, panels)):
        lowest = (panels - 1 - column) // columns + 1
        figure.update_xaxes(title_text=title, row=lowest, col=column + 1)
    for _, words, _ in MARKS:
        # The first cluster may have no mark: the legend takes whichever is there.
        for trace in [trace for trace in figure.data if trace.name == words][:1]:
            trace.showlegend = True
    legend_at_bottom(figure)
