"""The same clusters in one group of cells beside another: conditions or cell types."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from scdyn_core.plots.cluster_colours import cluster_colour, translucent
from scdyn_core.plots.fold_change import fold_changes
from scdyn_core.plots.observed_points import FOLD_CHANGE
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped
from scdyn_core.plots.time_axis import TimeAxis, TimeScale

ALL_CELLS = "mean of all cells"
_ROW_PIXELS, _EDGES = 150, 160


def group_names(curves: pd.DataFrame) -> list[str]:
    """Return the groups of a run's ``curves`` but ``all``, those with most cells first."""
    named = curves[curves["group"] != "all"].drop_duplicates(["group", "time"])
    cells = named.groupby("group", observed=True)["cells"].sum()
    return [str(name) for name in cells.sort_values(ascending=False, kind="stable").index]


def cluster_groups_figure(
    curves: pd.DataFrame,
    clusters: pd.DataFrame,
    groups: Sequence[str],
    *,
    time_scale: TimeScale = "auto",
    time_title: str = "time",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the mean observed change of every cluster (rows) in every group (columns).

    The band holds the middle half of the cluster's genes. A change is log2 fold of the gene's
    value at the first time of the same group; a group that was first sampled later starts where
    all cells are at that time.

    Parameters
    ----------
    curves
        A run's table: gene, group, time, cells, expression.
    clusters
        The run's table of one choice: gene, cluster.
    groups
        At least one (may be hostile).
    time_scale, time_title
        See ``TimeAxis``.
    palette
        Colours.
    """
    axis = TimeAxis.of(curves["time"], time_scale)
    numbers = sorted(int(number) for number in clusters["cluster"].unique())
    height = _EDGES + _ROW_PIXELS * len(numbers)
    figure = make_subplots(
        max(len(numbers), 1), len(groups), shared_yaxes="all", horizontal_spacing=0.02,
        vertical_spacing=min(20 / height, 0.9 / max(len(numbers) - 1, 1)),
        column_titles=[f"<b>{escaped(group)}</b>" for group in groups],
    )  # fmt: skip
    styled(figure, palette, height=height)
    member = clusters.set_index("gene")["cluster"]
    clustered = curves[curves["gene"].isin(member.index)]
    together = fold_changes(clustered[clustered["group"] == "all"], "expression")
    whole = _profiles(together, member)
    for column, group in enumerate(groups, start=1):
        changes = fold_changes(clustered[clustered["group"] == group], "expression")
        profiles = _profiles(_joined(changes, together), member)
        for row, number in enumerate(numbers, start=1):
            traces = _traces(profiles, number, axis, cluster_colour(number, palette), group)
            if group != "all":
                traces.insert(1, _behind(whole, number, axis, palette, row == column == 1))
            for trace in traces:
                figure.add_trace(trace, row=row, col=column)
    for row, number in enumerate(numbers, start=1):
        size = int((member == number).sum())
        figure.update_yaxes(title_text=f"<b>Cluster {number}</b><br>{size:,} genes", row=row, col=1)
    figure.update_yaxes(zeroline=True, zerolinecolor=palette.muted, zerolinewidth=1)
    settings = axis.settings(time_title, clear=0.045 * len(groups))
    title = settings.pop("title_text")
    figure.update_xaxes(showticklabels=False, **settings)
    figure.update_xaxes(title_text=title, showticklabels=True, row=max(len(numbers), 1))
    figure.add_annotation(
        text=FOLD_CHANGE, xref="paper", yref="paper", x=0, y=0.5, xshift=-92, textangle=-90,
        showarrow=False, font={"size": 13, "color": palette.ink},
    )  # fmt: skip
    legend_at_bottom(figure)
    figure.update_layout(margin={"l": 112})
    return figure


def _joined(changes: pd.DataFrame, together: pd.DataFrame) -> pd.DataFrame:
    """Lift the changes of a group to those of all cells at the group's first time."""
    if changes.empty or changes.columns[0] not in together:
        return changes
    return changes.add(together[changes.columns[0]].reindex(changes.index), axis=0)


def _profiles(changes: pd.DataFrame, member: pd.Series) -> pd.DataFrame:
    """Return cluster, time, and mean, 25 % and 75 % quantile of the genes' changes."""
    long = changes.melt(ignore_index=False, var_name="time", value_name="change")
    long["cluster"] = member.reindex(long.index).to_numpy()
    found = long.dropna().groupby(["cluster", "time"])["change"]
    return found.agg(
        mean="mean", low=lambda own: np.quantile(own, 0.25), high=lambda own: np.quantile(own, 0.75)
    ).reset_index()


def _traces(
    profiles: pd.DataFrame, number: int, axis: TimeAxis, colour: str, group: str
) -> list[go.Scatter]:
    own = profiles[profiles["cluster"] == number]
    x = axis.place(own["time"])
    band = go.Scatter(
        x=[*x, *x[::-1]], y=[*own["high"], *own["low"][::-1]], mode="lines", fill="toself",
        fillcolor=translucent(colour, 0.22), line={"width": 0}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    mean = go.Scatter(
        x=x, y=own["mean"], mode="lines+markers", line={"color": colour, "width": 2.6},
        marker={"size": 6}, text=[f"{time:g}" for time in own["time"]], showlegend=False,
        name=escaped(group), customdata=own[["low", "high"]].to_numpy(),
        hovertemplate=f"<b>Cluster {number}</b>, %{{fullData.name}}, at %{{text}}: %{{y:.2f}}<br>"
        "middle half of genes: %{customdata[0]:.2f} to %{customdata[1]:.2f}<extra></extra>",
    )  # fmt: skip
    return [band, mean]


def _behind(
    whole: pd.DataFrame, number: int, axis: TimeAxis, palette: Palette, legend: bool
) -> go.Scatter:
    own = whole[whole["cluster"] == number]
    return go.Scatter(
        x=axis.place(own["time"]), y=own["mean"], mode="lines", name=ALL_CELLS,
        line={"color": palette.ink, "width": 1.3, "dash": "dot"}, showlegend=legend,
        hoverinfo="skip",
    )  # fmt: skip
