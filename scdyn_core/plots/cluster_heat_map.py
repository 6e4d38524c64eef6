"""All genes at once: clusters from top to bottom, within them the early ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.cluster_colours import cluster_colour
from scdyn_core.plots.fold_change import fitted_changes
from scdyn_core.plots.label_spread import spread
from scdyn_core.plots.observed_points import FOLD_CHANGE
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.text import escaped

#: More rows than this are averaged: a screen has no more pixels, a browser little patience.
MOST_ROWS = 2_000
#: Share of the changes within the colours; the rest has the colours of the ends.
WITHIN = 0.98
#: Names written by default: so many of each cluster, and at most in all.
NAMES_EACH, MOST_NAMES = 3, 36
_HEIGHT, _TOP, _BELOW = 680.0, 24.0, 120.0
#: Height of a name and least height of a cluster with its number beside it, pixels.
_LINE, _LEAST = 15.0, 11.0


@dataclass(frozen=True)
class Rows:
    """Genes in the order drawn.

    Attributes
    ----------
    genes, cluster
        Of every gene, top down, shape ``(n,)``.
    row
        Row of the picture that has the gene, shape ``(n,)``: several genes of one cluster share
        a row where there are many.
    """

    genes: list[str]
    cluster: NDArray[np.int64]
    row: NDArray[np.int64]

    @staticmethod
    def of(clusters: pd.DataFrame, genes_table: pd.DataFrame) -> Rows:
        """Order genes by cluster, onset, peak and size of the change."""
        table = clusters[["gene", "cluster"]].merge(genes_table, on="gene", how="left")
        table["size"] = -table["change"].abs()
        order = ["cluster", "onset_time", "peak_time", "size", "gene"]
        table = table.sort_values(order, kind="stable", ignore_index=True)
        share = max(1, -(-len(table) // MOST_ROWS))
        within = table.groupby("cluster").cumcount() // share
        starts = (within != within.shift()) | (table["cluster"] != table["cluster"].shift())
        return Rows(
            table["gene"].astype(str).tolist(),
            table["cluster"].to_numpy(dtype=np.int64),
            starts.cumsum().to_numpy(dtype=np.int64) - 1,
        )


def cluster_heat_map_figure(
    fitted: pd.DataFrame,
    clusters: pd.DataFrame,
    genes_table: pd.DataFrame,
    *,
    named: Sequence[str] | None = None,
    time_title: str = "time",
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the fitted log2 fold change of every gene at the sampling times.

    Parameters
    ----------
    fitted, genes_table
        The run's tables ``fitted`` and ``genes``.
    clusters
        The run's table of one choice: gene, cluster, membership.
    named
        Genes (may be hostile) whose names stand beside the map; by default the most typical of
        every cluster.
    time_title
        Title of the columns (may be hostile).
    palette
        Colours.
    """
    changes = fitted_changes(fitted)
    rows = Rows.of(clusters[clusters["gene"].isin(changes.index)], genes_table)
    values = changes.loc[rows.genes].groupby(rows.row).mean().to_numpy()
    finite = np.abs(values[np.isfinite(values)])
    reach = float(np.quantile(finite, WITHIN)) if len(finite) else 0.0
    reach = reach if reach > 0 else 1.0
    words = _words(rows)
    figure = go.Figure(
        go.Heatmap(
            x=list(range(values.shape[1])),
            y=list(range(len(values))),
            z=np.round(values, 3),
            zmin=-reach,
            zmax=reach,
            colorscale=palette.scale(palette.diverging),
            text=[[word] * values.shape[1] for word in words],
            customdata=[[f"{time:g}" for time in changes.columns]] * len(values),
            colorbar={
                **colour_bar(f"{FOLD_CHANGE} (colours end at ±{reach:.2g})", palette),
                "orientation": "h", "x": 0, "xanchor": "left", "len": 0.6, "y": -0.13,
                "yanchor": "top",
            },
            hovertemplate="%{text}<br>at %{customdata}: %{z:.2f}<extra></extra>",
        )
    )  # fmt: skip
    figure.data[0].colorbar.title.side = "bottom"
    styled(figure, palette, height=_HEIGHT)
    figure.update_layout(margin={"l": 84, "r": 110, "t": _TOP, "b": _BELOW})
    figure.update_xaxes(
        title_text=escaped(time_title), tickvals=list(range(values.shape[1])), showline=False,
        ticktext=[f"{time:g}" for time in changes.columns], ticks="",
    )  # fmt: skip
    figure.update_yaxes(
        range=[len(values) - 0.5, -0.5], showticklabels=False, showline=False, ticks=""
    )
    _bars(figure, rows, palette)
    _names(figure, rows, _typical(clusters, genes_table) if named is None else named, palette)
    return figure


def _words(rows: Rows) -> list[str]:
    """Return what a row tells when pointed at: its cluster, and its genes."""
    frame = pd.DataFrame({"gene": rows.genes, "cluster": rows.cluster})
    words = []
    for _, own in frame.groupby(rows.row):
        names = ", ".join(f"<b>{escaped(gene)}</b>" for gene in own["gene"].head(3))
        more = f" and {len(own) - 3} more (mean)" if len(own) > 3 else ""
        words.append(f"{names}{more}<br>cluster {own['cluster'].iloc[0]}")
    return words


def _bars(figure: go.Figure, rows: Rows, palette: Palette) -> None:
    """Draw a bar in the colour of each cluster left of its rows, and a line between two."""
    pixels = (_HEIGHT - _TOP - _BELOW) / (rows.row[-1] + 1) if len(rows.row) else 0.0
    for number in np.unique(rows.cluster):
        own = rows.row[rows.cluster == number]
        top, bottom = own.min() - 0.5, own.max() + 0.5
        figure.add_shape(
            type="rect", xref="paper", x0=0, x1=0, xsizemode="pixel", xanchor=0, yref="y",
            y0=top, y1=bottom, fillcolor=cluster_colour(int(number), palette), line_width=0,
        )  # fmt: skip
        figure.layout.shapes[-1].update(x0=-18, x1=-6)
        if top > 0:
            figure.add_shape(
                type="line", xref="paper", x0=0, x1=1, yref="y", y0=top, y1=top,
                line={"color": palette.background, "width": 1.5},
            )  # fmt: skip
        if (bottom - top) * pixels >= _LEAST:
            figure.add_annotation(
                text=f"<b>{number}</b> · {(rows.cluster == number).sum():,}", xref="paper", x=0,
                xshift=-22, xanchor="right", y=(top + bottom) / 2, showarrow=False,
                font={"size": 12, "color": palette.ink},
            )  # fmt: skip


def _names(figure: go.Figure, rows: Rows, named: Sequence[str], palette: Palette) -> None:
    """Write names right of the map, moved apart, each with a line to its row."""
    row_of = dict(zip(rows.genes, rows.row.tolist(), strict=True))
    shown = [gene for gene in dict.fromkeys(named) if gene in row_of]
    drawn = _HEIGHT - _TOP - _BELOW
    pixels = drawn / (rows.row[-1] + 1) if len(rows.row) else 0.0
    wanted = np.array([(row_of[gene] + 0.5) * pixels for gene in shown])
    places = spread(wanted, _LINE, 0.0, drawn)
    for gene, at, place in zip(shown, wanted, places, strict=True):
        figure.add_annotation(
            text=escaped(gene), xref="paper", x=1, y=row_of[gene], ax=18, ay=place - at,
            showarrow=True, arrowhead=0, arrowwidth=0.8, arrowcolor=palette.muted,
            xanchor="left", font={"size": 11, "color": palette.ink},
        )  # fmt: skip


def _typical(clusters: pd.DataFrame, genes_table: pd.DataFrame) -> list[str]:
    size = genes_table.set_index("gene")["change"].abs()
    table = clusters.assign(size=clusters["gene"].map(size))
    table = table.sort_values(["cluster", "membership", "size"], ascending=[True, False, False])
    each = min(NAMES_EACH, max(1, MOST_NAMES // max(table["cluster"].nunique(), 1)))
    return [str(gene) for gene in table.groupby("cluster")["gene"].head(each)][:MOST_NAMES]
