"""Which genes a perturbation changes: size of the change against how sure it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import keep_colours, names, short
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.points import MOST_VECTOR_POINTS
from scdyn_core.plots.style import legend_at_bottom, styled

#: Adjusted p value below which a gene counts as changed.
SIGNIFICANT = 0.05
#: A p value of 0 is below what a computer can write; it is drawn this much above all others.
ABOVE = 1.05


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


def volcano_figure(
    responses: pd.DataFrame,
    perturbation: str,
    *,
    labelled: int = 12,
    genes: Sequence[str] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw every gene, the target genes of the perturbation marked and the surest named.

    Parameters
    ----------
    responses
        A run's table: perturbation, gene, log2_fold_change, p_adjusted. The row of a gene in it
        is ``customdata[0]`` of its point.
    perturbation
        Its name as it came; ``A+B`` targets A and B.
    labelled
        Changed genes that get their names, the surest.
    genes
        Genes (may be hostile) that get theirs in any case.
    palette
        Colours.
    """
    rows = np.flatnonzero((responses["perturbation"] == perturbation).to_numpy())
    own = responses.iloc[rows].assign(row=rows)
    own = own[np.isfinite(own["log2_fold_change"]) & own["p_adjusted"].notna()]
    own = own.reset_index(drop=True)
    own["height"], top = heights(own["p_adjusted"])
    changed = own["p_adjusted"] < SIGNIFICANT
    target = own["gene"].isin(perturbation.split("+"))
    figure = go.Figure()
    for chosen, name, colour, symbol, size in (
        (~changed & ~target, "not changed", palette.baseline, "circle", 5),
        (changed & (own["log2_fold_change"] > 0) & ~target, "up", palette.diverging[-3],
         "circle", 7),
        (changed & (own["log2_fold_change"] <= 0) & ~target, "down", palette.diverging[1],
         "circle", 7),
        (target, "target gene", palette.second_ink, "star", 14),
    ):  # fmt: skip
        if chosen.any():
            figure.add_trace(_points(own[chosen], name, colour, symbol, size, len(own)))
    styled(figure, palette, height=480)
    _limits(figure, own, top, palette)
    surest = own[changed].sort_values(["height", "log2_fold_change"], key=np.abs, ascending=False)
    shown = dict.fromkeys([*own.index[target], *own.index[own["gene"].isin(list(genes))],
                           *surest.index[: max(labelled, 0)]])  # fmt: skip
    xy = own[["log2_fold_change", "height"]].to_numpy(dtype=np.float64)
    # Labels are placed on axes of one scale; here each axis has its own.
    _labels(figure, xy, list(shown), own["gene"].tolist(), palette)
    figure.update_xaxes(title_text="log<sub>2</sub> fold change against control")
    figure.update_yaxes(title_text="−log<sub>10</sub> adjusted p")
    legend_at_bottom(figure)
    keep_colours(figure)
    return figure


def _points(
    own: pd.DataFrame, name: str, colour: str, symbol: str, size: float, n: int
) -> go.Scatter | go.Scattergl:
    kind = go.Scatter if n <= MOST_VECTOR_POINTS else go.Scattergl
    return kind(
        x=own["log2_fold_change"], y=own["height"], mode="markers",
        name=f"{name} ({len(own):,})" if name != "target gene" else name,
        marker={"size": size, "color": colour, "symbol": symbol,
                "opacity": 0.5 if name == "not changed" else 0.9},
        text=[f"<b>{word}</b><br>log<sub>2</sub> fold change {change:+.2f}<br>adjusted p "
              f"{'below 1e-300' if p == 0 else f'{p:.2g}'}"
              for word, change, p in
              zip(names(own["gene"]), own["log2_fold_change"], own["p_adjusted"], strict=True)],
        customdata=[[row] for row in own["row"].tolist()],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _limits(figure: go.Figure, own: pd.DataFrame, top: float | None, palette: Palette) -> None:
    line = {"color": palette.muted, "width": 1, "dash": "dash"}
    figure.add_hline(y=-np.log10(SIGNIFICANT), line=line)
    figure.add_vline(x=0, line={"color": palette.grid, "width": 1}, layer="below")
    reach = 1.15 * float(own["log2_fold_change"].abs().max()) if len(own) else 1.0
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
    span = np.maximum(np.ptp(xy, axis=0), 1e-12) if len(xy) else np.ones(2)
    scale = np.array([620.0, 400.0]) / span
    before = len(figure.layout.annotations)
    add_point_labels(figure, xy * scale, rows, [short(genes[row]) for row in rows], palette)
    for note in figure.layout.annotations[before:]:
        note.x, note.y = note.x / scale[0], note.y / scale[1]
