"""How alike perturbations are: a tree beside the matrix of their similarities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots
from scipy.cluster.hierarchy import dendrogram, linkage
from scipy.spatial.distance import squareform

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import LONGEST, names, short_names
from scdyn_core.plots.style import colour_bar, styled
from scdyn_core.plots.text import escaped

#: Columns of ``similarity``, as people call them.
MEASURES = {
    "shift_cosine": "cosine of the shifts of the latents",
    "response_correlation": "correlation of the observed changes",
    "shared_targets": "shared latents (Jaccard)",
}
#: More rows cannot be read; the caller says which ones.
MOST_SHOWN = 60
_ROW, _EDGES, _LOWEST = 15.0, 150.0, 220.0


def similarity_matrix(similarity: pd.DataFrame, measure: str, shown: Sequence[str]) -> pd.DataFrame:
    """Return the similarities of perturbations, symmetric, NaN where not defined."""
    own = similarity[
        similarity["perturbation_a"].isin(shown) & similarity["perturbation_b"].isin(shown)
    ]
    wide = own.pivot(index="perturbation_a", columns="perturbation_b", values=measure)
    wide = wide.reindex(index=list(shown), columns=list(shown))
    return wide.where(wide.notna(), wide.T)


def similarity_linkage(matrix: pd.DataFrame) -> NDArray[np.float64]:
    """Return scipy's average linkage of ``1 - similarity``; what is not defined counts as 0."""
    values = matrix.fillna(0.0).to_numpy(dtype=np.float64)
    distance = np.clip(1.0 - (values + values.T) / 2, 0.0, None)
    np.fill_diagonal(distance, 0.0)
    found: NDArray[np.float64] = linkage(
        squareform(distance, checks=False), method="average", optimal_ordering=len(values) <= 500
    )
    return found


def perturbation_tree_figure(
    similarity: pd.DataFrame,
    *,
    measure: str = "shift_cosine",
    shown: Sequence[str] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the tree of average linkage and the similarities in its order.

    Parameters
    ----------
    similarity
        A run's table: perturbation_a, perturbation_b (may be hostile) and the measures. The row
        of a pair is ``customdata[0]`` of its square.
    measure
        A key of ``MEASURES``.
    shown
        Perturbations drawn, at most ``MOST_SHOWN``; without it those with most that is defined.
    palette
        Colours.
    """
    defined = similarity.dropna(subset=[measure])
    if shown is None:
        shown = defined["perturbation_a"].value_counts(sort=True).index.tolist()
    matrix = similarity_matrix(similarity, measure, list(dict.fromkeys(shown))[:MOST_SHOWN])
    figure = make_subplots(1, 2, column_widths=[0.22, 0.78], horizontal_spacing=0.005)
    height = max(_LOWEST, _ROW * len(matrix)) + _EDGES
    styled(figure, palette, height=height)
    if len(matrix) < 2:
        figure.add_annotation(
            text="fewer than two perturbations can be compared", xref="paper", yref="paper",
            x=0.5, y=0.5, showarrow=False, font={"color": palette.muted},
        )  # fmt: skip
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        return figure
    tree = dendrogram(similarity_linkage(matrix), no_plot=True)
    _tree(figure, tree, palette)
    ordered = matrix.iloc[tree["leaves"], tree["leaves"]]
    _squares(figure, ordered, similarity, measure, palette)
    words, places = short_names(ordered.index.tolist()), list(range(len(ordered)))
    size = 12 if len(ordered) <= 30 else 10
    figure.update_yaxes(
        range=[len(ordered) - 0.5, -0.5], tickvals=places, showline=False, ticks="",
        tickfont_size=size,
    )  # fmt: skip
    figure.update_yaxes(showticklabels=False, col=1)
    figure.update_yaxes(ticktext=words, side="right", automargin=True, col=2)
    figure.update_xaxes(
        tickvals=places, ticktext=words, tickangle=60, showline=False, ticks="",
        tickfont_size=size, automargin=True, range=[-0.5, len(ordered) - 0.5], col=2,
    )  # fmt: skip
    figure.update_layout(margin={"l": 20, "b": 110})
    return figure


def _tree(figure: go.Figure, tree: dict[str, list[list[float]]], palette: Palette) -> None:
    """Draw branches: leaves at the right, one every 10 units in scipy's coordinates."""
    gap = [np.nan]
    x = np.concatenate([[*branch, *gap] for branch in tree["dcoord"]])
    y = (np.concatenate([[*branch, *gap] for branch in tree["icoord"]]) - 5) / 10
    figure.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", line={"color": palette.ink, "width": 1.2}, hoverinfo="skip",
            showlegend=False,
        ), row=1, col=1,
    )  # fmt: skip
    top = float(np.nanmax(x)) or 1.0
    figure.update_xaxes(
        range=[top * 1.03, 0], title_text="1 − similarity", nticks=4, rangemode="tozero", col=1
    )


def _squares(
    figure: go.Figure, ordered: pd.DataFrame, similarity: pd.DataFrame, measure: str,
    palette: Palette,
) -> None:  # fmt: skip
    signed = measure != "shared_targets"
    words = names(ordered.index.tolist())
    pairs = pd.MultiIndex.from_frame(similarity[["perturbation_a", "perturbation_b"]])
    rows = pd.Series(np.arange(len(similarity)), pairs)
    at = rows.reindex(pd.MultiIndex.from_product([ordered.index, ordered.index])).fillna(-1)
    positions = at.to_numpy(dtype=int).reshape(len(ordered), -1)
    figure.add_trace(
        go.Heatmap(
            x=list(range(len(ordered))), y=list(range(len(ordered))),
            z=np.round(ordered.to_numpy(dtype=np.float64), 3), zmin=-1 if signed else 0, zmax=1,
            colorscale=palette.scale(palette.diverging if signed else palette.sequential),
            xgap=0.5, ygap=0.5, hoverongaps=False,
            text=[[f"<b>{a}</b> and <b>{b}</b>" for b in words] for a in words],
            customdata=[[[row] for row in line] for line in positions.tolist()],
            hovertemplate="%{text}: %{z:.2f}<extra></extra>",
            colorbar={**colour_bar(MEASURES.get(measure, escaped(measure)), palette), "x": 1.0,
                      "xpad": 24 + 7 * min(max(map(len, ordered.index)), LONGEST)},
        ), row=1, col=2,
    )  # fmt: skip
