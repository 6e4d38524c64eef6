"""A map of genes: those that respond alike lie near each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.cluster_colours import cluster_colour, cluster_name
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.points import MOST_VECTOR_POINTS, group_colours, groups_of
from scdyn_core.plots.style import colour_bar, equal_scales, styled
from scdyn_core.plots.text import escaped

#: Columns that colour the genes, as people call them.
GENE_COLOURS = {
    "cluster": "cluster",
    "level": "level (mean expression, log2)",
    "change": "largest change (log2 fold)",
    "onset_time": "onset of the response (time)",
    "peak_time": "largest change at (time)",
    "half_life": "half-life of the response (time)",
    "membership": "membership of the cluster (probability)",
    "stability": "stability (share of replicates)",
    "se": "measurement error (log2)",
    "part": "part of the data",
    "class_true": "planted class",
}
#: Values that have a sign: their colours meet at 0.
SIGNED = frozenset({"change"})
_GROUPS = frozenset({"cluster", "part", "class_true"})


def available_colours(genes_table: pd.DataFrame, clusters: pd.DataFrame) -> list[str]:
    """Return the keys of ``GENE_COLOURS`` for which the tables have values."""
    table = _table(genes_table, clusters)
    return [name for name in GENE_COLOURS if name in table and table[name].notna().any()]


def gene_map_figure(
    genes_table: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    colour: str = "cluster",
    labelled: Sequence[str] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw every gene where the UMAP puts it, with the names of a few.

    Parameters
    ----------
    genes_table
        A run's table ``genes``: gene, umap_1, umap_2 and statistics. The position of a row is
        ``customdata[0]`` of its point, so that it can be clicked or lassoed.
    clusters
        The run's table of one choice: gene, cluster, membership, stability.
    colour
        A key of ``GENE_COLOURS``.
    labelled
        Genes (may be hostile) that get their names.
    palette
        Colours.
    """
    table = _table(genes_table, clusters)
    figure = go.Figure()
    if colour in _GROUPS:
        _by_group(figure, table, colour, palette)
    else:
        _by_amount(figure, table, colour, palette)
    named = table.index[table["gene"].isin(list(labelled))]
    xy = table[["umap_1", "umap_2"]].to_numpy(dtype=np.float64)
    if len(named):
        figure.add_trace(
            go.Scatter(
                x=xy[named, 0], y=xy[named, 1], mode="markers", hoverinfo="skip",
                showlegend=False, unselected={"marker": {"opacity": 1.0}},
                marker={"size": 11, "symbol": "circle-open", "color": palette.ink,
                        "line": {"width": 2}},
            )
        )  # fmt: skip
    styled(figure, palette, height=540)
    add_point_labels(figure, xy, named.tolist(), table["gene"][named].tolist(), palette)
    figure.update_layout(
        xaxis_title_text="UMAP 1", yaxis_title_text="UMAP 2", uirevision="gene map"
    )
    equal_scales(figure)
    figure.update_xaxes(ticks="", showticklabels=False)
    figure.update_yaxes(ticks="", showticklabels=False)
    return figure


def _table(genes_table: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    own = clusters[["gene", "cluster", "membership", "stability"]]
    return genes_table.merge(own, on="gene", how="left", validate="one_to_one")


def _by_group(figure: go.Figure, table: pd.DataFrame, colour: str, palette: Palette) -> None:
    if colour == "cluster":
        numbers = sorted(int(number) for number in table["cluster"].dropna().unique())
        groups = table["cluster"].map(lambda one: cluster_name(int(one)), na_action="ignore")
        hues = {cluster_name(number): cluster_colour(number, palette) for number in numbers}
    else:
        groups, _ = groups_of(table[colour])
        hues = group_colours(table[colour], palette)
    groups = groups.astype("string").fillna("in no cluster")
    hues |= {name: palette.faint for name in groups.unique() if name not in hues}
    for name, hue in hues.items():
        rows = np.flatnonzero((groups == name).to_numpy())
        figure.add_trace(_points(table, rows, {"color": hue, "opacity": 0.85}, name=name))


def _by_amount(figure: go.Figure, table: pd.DataFrame, colour: str, palette: Palette) -> None:
    amounts = table[colour].to_numpy(dtype=np.float64)
    known = np.isfinite(amounts)
    unknown = np.flatnonzero(~known)
    if len(unknown):
        marker = {"color": palette.faint, "opacity": 0.85}
        figure.add_trace(_points(table, unknown, marker, name="none"))
    low, high = np.quantile(amounts[known], [0.01, 0.99]) if known.any() else (0.0, 1.0)
    scale = palette.sequential
    if colour in SIGNED:
        high = max(abs(low), abs(high))
        low, scale = -high, palette.diverging
    marker = {
        "color": amounts[known],
        "colorscale": palette.scale(scale),
        "cmin": low,
        "cmax": high if high > low else low + 1.0,
        "opacity": 0.9,
        "colorbar": colour_bar(escaped(GENE_COLOURS.get(colour, colour)), palette),
    }
    trace = _points(table, np.flatnonzero(known), marker, name=None)
    trace.text = [f"{text}<br>{amounts[row]:.3g}" for text, row in
                  zip(trace.text, np.flatnonzero(known), strict=True)]  # fmt: skip
    figure.add_trace(trace)


def _points(
    table: pd.DataFrame, rows: NDArray[np.intp], marker: dict[str, Any], *, name: str | None
) -> Any:
    """Return genes as points whose ``customdata[0]`` is their row."""
    own = table.iloc[rows]
    kind = go.Scatter if len(table) <= MOST_VECTOR_POINTS else go.Scattergl
    size = float(np.clip(9.5 - 1.5 * np.log10(max(len(table), 100)), 3.0, 6.5))
    clusters = [
        "no cluster" if np.isnan(number) else f"cluster {number:.0f}, {member:.0%}"
        for number, member in zip(own["cluster"], own["membership"], strict=True)
    ]
    return kind(
        x=own["umap_1"],
        y=own["umap_2"],
        mode="markers",
        name=None if name is None else escaped(name),
        showlegend=name is not None,
        text=[f"<b>{escaped(gene)}</b><br>{words}"
              for gene, words in zip(own["gene"], clusters, strict=True)],
        # Lists, not arrays: those of an array come back from the browser as objects.
        customdata=[[row] for row in rows.tolist()],
        hovertemplate="%{text}<extra></extra>",
        marker={"size": size, **marker},
        # The colours are the message, not the pick: nothing fades when genes are picked.
        unselected={"marker": {"opacity": marker["opacity"]}},
    )  # fmt: skip
