"""What a network says of a change: which genes follow, and whether they were seen to."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import keep_colours, names, short
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.points import MOST_VECTOR_POINTS
from scdyn_core.plots.style import equal_scales, legend_at_bottom, styled
from scdyn_core.plots.text import escaped

RELATIVE, LOG2 = "predicted change (relative, no unit)", "predicted log<sub>2</sub> fold change"


def moved_genes_figure(
    change: pd.Series, *, held: Collection[str], most: int = 15, unit: str = LOG2,
    palette: Palette = LIGHT,
) -> go.Figure:  # fmt: skip
    """Draw the genes that go up and down most as lollipops; held genes are left out.

    Parameters
    ----------
    change
        Gene (may be hostile) -> predicted change.
    held
        Genes that were chosen.
    most
        Genes drawn that go up, and that go down.
    unit
        Title of the axis.
    palette
        Colours.
    """
    own = change[~change.index.isin(list(held)) & (change != 0)]
    rows = pd.concat([own[own > 0].nlargest(most), own[own < 0].nsmallest(most)[::-1]])
    figure = go.Figure()
    stems = []
    for way, hue in ((1, palette.diverging[-3]), (-1, palette.diverging[1])):
        at = np.flatnonzero((np.sign(rows) == way).to_numpy())
        stems += [
            {"type": "line", "x0": 0, "x1": float(rows.iloc[place]), "y0": int(place),
             "y1": int(place), "line": {"color": hue, "width": 2}, "layer": "below"}
            for place in at
        ]  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=rows.iloc[at], y=at, mode="markers", showlegend=False,
                marker={"color": hue, "size": 10, "opacity": 1.0},
                text=[escaped(gene) for gene in rows.index[at]],
                hovertemplate="%{text}: %{x:+.3g}<extra></extra>",
            )
        )  # fmt: skip
    styled(figure, palette, height=110 + 20 * max(len(rows), 4))
    figure.update_layout(shapes=stems)
    figure.add_vline(x=0, line={"color": palette.ink, "width": 1})
    figure.update_xaxes(title_text=unit)
    figure.update_yaxes(
        tickvals=list(range(len(rows))), showline=False, ticks="", automargin=True,
        ticktext=[f"<i>{escaped(short(gene))}</i>" for gene in rows.index],
        range=[max(len(rows), 1) - 0.4, -0.6],
    )  # fmt: skip
    return figure


def predicted_measured_figure(
    table: pd.DataFrame, *, held: Collection[str], labelled: int = 10, same_unit: bool = True,
    x_title: str = "measured log<sub>2</sub> fold change", y_title: str = LOG2,
    palette: Palette = LIGHT,
) -> go.Figure:  # fmt: skip
    """Draw every gene: what the network predicts against what was measured, or another sum.

    Parameters
    ----------
    table
        gene (may be hostile), x, y.
    held
        Genes that were chosen: they have a mark of their own.
    labelled
        Genes named: those that change most.
    same_unit
        Whether both axes have one scale and a diagonal.
    x_title, y_title
        Of the axes; markup is ours.
    palette
        Colours.
    """
    own = table[np.isfinite(table["x"]) & np.isfinite(table["y"])].reset_index(drop=True)
    chosen = own["gene"].isin(list(held))
    kind = go.Scatter if len(own) <= MOST_VECTOR_POINTS else go.Scattergl
    figure = go.Figure()
    for rows, name, hue, symbol, size in (
        (~chosen, "other genes", palette.model, "circle", 7),
        (chosen, "chosen", palette.second_ink, "star", 14),
    ):
        part = own[rows]
        if len(part):
            figure.add_trace(
                kind(
                    x=part["x"], y=part["y"], mode="markers", name=name,
                    marker={"color": hue, "symbol": symbol, "size": size, "opacity": 0.8},
                    text=names(part["gene"]),
                    hovertemplate="<b>%{text}</b><br>%{x:+.2f} and %{y:+.2f}<extra></extra>",
                )
            )  # fmt: skip
    styled(figure, palette, height=500)
    xy = own[["x", "y"]].to_numpy(dtype=np.float64)
    line = {"color": palette.grid, "width": 1}
    figure.add_hline(y=0, line=line, layer="below")
    figure.add_vline(x=0, line=line, layer="below")
    if same_unit and len(own):
        low, high = float(min(xy.min(), 0.0)), float(max(xy.max(), 0.0))
        room = 0.06 * (high - low) or 0.5
        edge = [low - room, high + room]
        figure.add_shape(type="line", x0=edge[0], x1=edge[1], y0=edge[0], y1=edge[1],
                         line={"color": palette.muted, "dash": "dash", "width": 1.2})  # fmt: skip
        figure.update_xaxes(range=edge)
        figure.update_yaxes(range=edge)
        equal_scales(figure)
    furthest = np.argsort(-np.abs(xy).max(axis=1, initial=0.0), kind="stable")[:labelled]
    span = np.ptp(xy, axis=0) if len(xy) else np.ones(2)
    scale = np.ones(2) if same_unit else 500.0 / np.maximum(span, 1e-12)
    before = len(figure.layout.annotations)
    add_point_labels(figure, xy * scale, furthest.tolist(),
                     [short(own["gene"][row]) for row in furthest], palette)  # fmt: skip
    for note in figure.layout.annotations[before:]:
        note.x, note.y = note.x / scale[0], note.y / scale[1]
    figure.update_xaxes(title_text=x_title)
    figure.update_yaxes(title_text=y_title)
    legend_at_bottom(figure)
    keep_colours(figure)
    return figure
