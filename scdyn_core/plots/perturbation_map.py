"""A map of perturbations: those that move the cells alike lie near each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import KINDS, NULL, in_order, kind_look, short
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.points import MOST_VECTOR_POINTS
from scdyn_core.plots.style import colour_bar, equal_scales, legend_below, styled
from scdyn_core.plots.text import escaped

#: Columns of ``perturbations`` that colour the map, as people call them.
MAP_COLOURS = {
    "latents_on": "latents shifted",
    "e_distance": "effect (E-distance to control)",
    "changed_genes": "genes changed (adjusted p below 0.05)",
    "knock_down": "knock-down (log<sub>2</sub> fold change of the target)",
    "cells": "cells",
    "kind": "kind",
}
#: Names written where none are asked for.
MOST_NAMES = 25
#: Least and greatest diameter of a point, pixels.
SMALLEST, LARGEST = 5.0, 26.0


def available_map_colours(perturbations: pd.DataFrame) -> list[str]:
    """Return the keys of ``MAP_COLOURS`` for which the table has values."""
    return [name for name in MAP_COLOURS if name in perturbations and
            perturbations[name].notna().any()]  # fmt: skip


def perturbation_map_figure(
    similarity_map: pd.DataFrame,
    perturbations: pd.DataFrame,
    *,
    colour: str | None = None,
    labelled: Sequence[str] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw every perturbation; the area of a point is the size of its effect.

    Parameters
    ----------
    similarity_map
        A run's table: perturbation, x, y.
    perturbations
        A run's table. The row of a perturbation is ``customdata[0]`` of its point.
    colour
        A key of ``MAP_COLOURS``; without it the first that the table has.
    labelled
        Perturbations (may be hostile) that get their names; without it the strongest, and the
        null control.
    palette
        Colours.
    """
    colour = available_map_colours(perturbations)[0] if colour is None else colour
    table = in_order(similarity_map, perturbations)
    size = np.sqrt(table["e_distance"].clip(lower=0.0).fillna(0.0).to_numpy(dtype=np.float64))
    table["size"] = SMALLEST + (LARGEST - SMALLEST) * size / (size.max() or 1.0)
    # Small ones on top: a large one must not hide them.
    table = table.sort_values("size", ascending=False, kind="stable", ignore_index=True)
    figure = go.Figure()
    if colour == "kind":
        for kind in KINDS:
            if len(own := table[table["kind"] == kind]):
                look = kind_look(kind, palette)
                figure.add_trace(_points(own, look.colour, look.symbol, palette, name=kind))
    else:
        _by_amount(figure, table, colour, palette)
    styled(figure, palette, height=560)
    shown = labelled
    if shown is None:
        null = table.loc[table["kind"] == NULL, "perturbation"]
        strongest = table.nlargest(MOST_NAMES, "e_distance")["perturbation"]
        shown = [*null, *strongest][:MOST_NAMES]
    named = table.index[table["perturbation"].isin(set(shown))].tolist()
    names = [short(name) for name in table["perturbation"][named]]
    xy = table[["x", "y"]].to_numpy(dtype=np.float64)
    add_point_labels(figure, xy, named, names, palette)
    figure.update_layout(uirevision="perturbation map", margin={"r": 90})
    equal_scales(figure)
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(ticks="", showticklabels=False, showline=False)
    figure.add_annotation(
        text="near: responded alike · area: effect (E-distance) · ring: no visible effect",
        xref="paper", yref="paper", x=0, y=0, yshift=-10, xanchor="left", yanchor="top",
        showarrow=False, font={"size": 12, "color": palette.muted},
    )  # fmt: skip
    legend_below(figure)
    return figure


def _by_amount(figure: go.Figure, table: pd.DataFrame, colour: str, palette: Palette) -> None:
    amounts = table[colour].astype(float)
    if len(unknown := table[amounts.isna()]):
        figure.add_trace(_points(unknown, palette.faint, "circle", palette, name="not known"))
    known = table[amounts.notna()]
    trace = _points(known, amounts[amounts.notna()], "circle", palette, name=None)
    high = float(amounts.max()) if len(known) else 1.0
    low = min(0.0, float(amounts.min())) if len(known) else 0.0
    trace.marker.update(
        colorscale=palette.scale(palette.sequential), cmin=low,
        cmax=high if high > low else low + 1.0,
        colorbar=colour_bar(MAP_COLOURS.get(colour, escaped(colour)), palette),
    )  # fmt: skip
    figure.add_trace(trace)


def _points(
    own: pd.DataFrame, colour: object, symbol: str, palette: Palette, *, name: str | None
) -> go.Scatter | go.Scattergl:
    """Return perturbations as points; those without a visible effect are rings."""
    kind = go.Scatter if len(own) <= MOST_VECTOR_POINTS else go.Scattergl
    rings = ~own["visible"].astype(bool)
    text = [
        f"<b>{escaped(name)}</b> ({escaped(kind)})<br>E-distance {distance:.3g}"
        f"{'' if visible else ', not visible'}<br>"
        + ("" if latents != latents else f"{latents:.3g} latents shifted, ")
        + f"{genes:,} genes changed, {cells:,} cells"
        for name, kind, distance, visible, latents, genes, cells in zip(
            own["perturbation"], own["kind"], own["e_distance"], own["visible"].astype(bool),
            own.get("latents_on", np.full(len(own), np.nan)), own["changed_genes"], own["cells"],
            strict=True,
        )
    ]  # fmt: skip
    return kind(
        x=own["x"], y=own["y"], mode="markers", name=name, showlegend=name is not None, text=text,
        # Lists, not arrays: those of an array come back from the browser as objects.
        customdata=[[row] for row in own["row"].astype(int).tolist()],
        hovertemplate="%{text}<extra></extra>",
        marker={"size": own["size"], "color": colour, "opacity": 0.9,
                "symbol": [f"{symbol}-open" if ring else symbol for ring in rings],
                "line": {"width": [1.8 if ring else 0.6 for ring in rings],
                         **({} if rings.all() else {"color": palette.background})}},
        unselected={"marker": {"opacity": 0.9}},
    )  # fmt: skip
