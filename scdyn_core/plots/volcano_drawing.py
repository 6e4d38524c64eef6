"""A volcano: how much every gene changes against how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.perturbation_looks import keep_colours, names, short
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.points import MOST_VECTOR_POINTS
from scdyn_core.plots.style import legend_at_bottom, styled

#: Adjusted p value below which a gene counts as changed.
SIGNIFICANT = 0.05
#: A p value of 0 is below what a computer can write; it is drawn this much above all others.
ABOVE = 1.05
UNCHANGED = "not changed"


@dataclass(frozen=True)
class Kind:
    """Genes that look alike; of two kinds a gene has the look of the later one.

    Attributes
    ----------
    name
        In the legend, escaped.
    members
        Which rows, shape (n,).
    """

    name: str
    members: NDArray[np.bool_]
    colour: str
    symbol: str
    size: float


def kinds(genes: pd.DataFrame, palette: Palette) -> list[Kind]:
    """Return the genes that do not change, rise and fall.

    Parameters
    ----------
    genes
        Columns ``effect`` and ``p_adjusted``.
    """
    changed = (genes["p_adjusted"] < SIGNIFICANT).to_numpy()
    rising = (genes["effect"] > 0).to_numpy()
    return [
        Kind(UNCHANGED, ~changed, palette.baseline, "circle", 5),
        Kind("up", changed & rising, palette.diverging[-3], "circle", 7),
        Kind("down", changed & ~rising, palette.diverging[1], "circle", 7),
    ]


def heights(p: pd.Series) -> tuple[pd.Series, float | None]:
    """Return ``-log10`` of p values and, where some are 0, the height at which those are drawn.

    Notes
    -----
    A p value of 0 has underflowed; it is at least as small as the smallest of the others.
    """
    values = p.astype(float)
    positive = values > 0
    drawn = pd.Series(-np.log10(values.where(positive).to_numpy()), p.index)
    if not (values == 0).any():
        return drawn, None
    top = float(ABOVE * max(drawn.max(), -np.log10(SIGNIFICANT))) if positive.any() else 300.0
    return drawn.where(values != 0, top), top


def volcano(
    genes: pd.DataFrame,
    looks: Sequence[Kind],
    *,
    named: Sequence[str],
    labelled: int,
    effect: str,
    against: str,
    palette: Palette,
) -> go.Figure:
    """Draw every gene that was tested.

    Parameters
    ----------
    genes
        One row a gene: gene (may be hostile), effect, at (where it is drawn), p_adjusted, row.
        The last is ``customdata[0]`` of its point.
    looks
        What genes look like.
    named
        Genes that get their names in any case, the most important first.
    labelled
        Changed genes that get theirs as well, the surest.
    effect, against
        What the horizontal axis shows, escaped; hovering shows the first part alone.
    palette
        Colours.
    """
    tested = (np.isfinite(genes["effect"]) & genes["p_adjusted"].notna()).to_numpy()
    own = genes[tested].reset_index(drop=True)
    own["height"], top = heights(own["p_adjusted"])
    look = np.full(len(own), -1)
    for number, kind in enumerate(looks):
        look[kind.members[tested]] = number
    figure = go.Figure()
    for number, kind in enumerate(looks):
        if (look == number).any():
            figure.add_trace(_points(own[look == number], kind, effect, len(own)))
    styled(figure, palette, height=480)
    _limits(figure, own, top, palette)
    surest = own[own["p_adjusted"] < SIGNIFICANT]
    surest = surest.sort_values(["height", "effect"], key=np.abs, ascending=False)
    place = {gene: row for row, gene in enumerate(own["gene"])}
    asked = [place[gene] for gene in named if gene in place]
    shown = list(dict.fromkeys([*asked, *surest.index[: max(labelled, 0)]]))
    xy = own[["at", "height"]].to_numpy(dtype=np.float64)
    _labels(figure, xy, shown, own["gene"].tolist(), palette)
    figure.update_xaxes(title_text=f"{effect} {against}")
    figure.update_yaxes(title_text="−log<sub>10</sub> adjusted p")
    legend_at_bottom(figure)
    keep_colours(figure)
    return figure


def _points(own: pd.DataFrame, kind: Kind, effect: str, n: int) -> go.Scatter | go.Scattergl:
    trace = go.Scatter if n <= MOST_VECTOR_POINTS else go.Scattergl
    return trace(
        x=own["at"], y=own["height"], mode="markers",
        name=kind.name if kind.symbol == "star" else f"{kind.name} ({len(own):,})",
        marker={"size": kind.size, "color": kind.colour, "symbol": kind.symbol,
                "opacity": 0.5 if kind.name == UNCHANGED else 0.9},
        text=[f"<b>{word}</b><br>{effect} {change:+.2f}<br>adjusted p "
              f"{'below 1e-300' if p == 0 else f'{p:.2g}'}"
              for word, change, p in
              zip(names(own["gene"]), own["effect"], own["p_adjusted"], strict=True)],
        customdata=[[row] for row in own["row"].tolist()],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _limits(figure: go.Figure, own: pd.DataFrame, top: float | None, palette: Palette) -> None:
    line = {"color": palette.muted, "width": 1, "dash": "dash"}
    figure.add_hline(y=-np.log10(SIGNIFICANT), line=line)
    figure.add_vline(x=0, line={"color": palette.grid, "width": 1}, layer="below")
    reach = 1.15 * float(own["at"].abs().max()) if len(own) else 1.0
    figure.update_xaxes(range=[-(reach or 1.0), reach or 1.0])
    highest = float(own["height"].max()) if len(own) else 1.0
    figure.update_yaxes(range=[-0.03 * highest, 1.12 * max(highest, 1.5)])
    if top is not None:
        figure.add_hline(y=top, line={**line, "dash": "dot"})
        figure.add_annotation(
            text="p = 0: too small to be stored", xref="paper", x=1, y=top, xanchor="right",
            yanchor="bottom", showarrow=False, font={"size": 11, "color": palette.muted},
        )  # fmt: skip


def _labels(
    figure: go.Figure, xy: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    rows: list[int], genes: list[str], palette: Palette,
) -> None:  # fmt: skip
    # Labels are placed on axes of one scale; here each axis has its own.
    span = np.maximum(np.ptp(xy, axis=0), 1e-12) if len(xy) else np.ones(2)
    scale = np.array([620.0, 400.0]) / span
    before = len(figure.layout.annotations)
    add_point_labels(figure, xy * scale, rows, [short(genes[row]) for row in rows], palette)
    for note in figure.layout.annotations[before:]:
        note.x, note.y = note.x / scale[0], note.y / scale[1]
