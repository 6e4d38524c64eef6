"""A map of the training cells, coloured by how often each is drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.group_names import add_group_names
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.phase_portrait import MARGIN
from scdyn_core.plots.points import MOST_VECTOR_POINTS, thinned
from scdyn_core.plots.rare_looks import times, weight_reach, weight_scale, weight_ticks
from scdyn_core.plots.style import colour_bar, equal_scales, styled, true_size
from scdyn_core.plots.text import escaped

#: Pairs of columns that hold a map, the most telling first, and what their axes are called.
MAPS = {("umap_1", "umap_2"): "UMAP", ("pca_1", "pca_2"): "PC"}


def map_columns(cells: pd.DataFrame) -> tuple[str, str] | None:
    """Return the columns with the places of cells on a map, if there are any."""
    return next((pair for pair in MAPS if set(pair) <= set(cells.columns)), None)


def weight_map_figure(
    cells: pd.DataFrame,
    *,
    weight: str = "weight",
    title: str = "weight (x uniform)",
    width: float = 1050,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw cells on their map; the colours are logarithmic, and grey where nothing changes.

    Parameters
    ----------
    cells
        One row a cell: cell, the columns of a map, ``weight``; cell_type where known. Names may
        be hostile.
    weight
        Column with a positive amount whose neutral value is 1.
    title
        Of the colour bar.
    width
        Pixels the figure is about to get.
    palette
        Colours.
    """
    place = map_columns(cells)
    assert place is not None, "the cells have places on a map"
    shown = thinned(cells)
    weights = shown[weight].to_numpy(dtype=np.float64)
    reach = weight_reach(weights)
    folds = np.log2(np.clip(np.nan_to_num(weights, nan=1.0), 1 / reach, reach))
    # What is far from uniform lies on top of what is not.
    order = np.argsort(np.abs(folds), kind="stable")
    shown, folds = shown.iloc[order], folds[order]
    types = "cell_type" in shown
    kind = go.Scatter if len(shown) <= MOST_VECTOR_POINTS else go.Scattergl
    ticks = weight_ticks(reach)
    xy = shown[list(place)].to_numpy(dtype=np.float64)
    figure = go.Figure(
        kind(
            x=xy[:, 0], y=xy[:, 1], mode="markers", showlegend=False,
            marker={
                "size": float(np.clip(8.5 - 1.2 * np.log10(max(len(shown), 100)), 2.5, 6.0)),
                "color": folds, "colorscale": weight_scale(palette),
                "cmin": -np.log2(reach), "cmax": np.log2(reach), "opacity": 0.9,
                # Below the map: beside it, a map that is not as wide as the page stands far away.
                "colorbar": {**colour_bar(escaped(title), palette), "orientation": "h",
                             "x": 0.5, "y": -0.08, "yanchor": "top", "len": 0.34, "thickness": 11,
                             "title": {"text": escaped(title), "side": "bottom",
                                       "font": {"size": 12}},
                             "tickvals": np.log2(ticks).tolist(),
                             "ticktext": [times(tick) for tick in ticks]},
            },
            text=[
                f"<b>{escaped(name)}</b><br>" + (f"{escaped(group)}<br>" if types else "")
                + f"{times(value)} x uniform"
                for name, group, value in zip(
                    shown["cell"], shown["cell_type"] if types else shown["cell"], shown[weight],
                    strict=True,
                )
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    low, high = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)
    pad = MARGIN * np.maximum(high - low, 1e-9)
    height, pixels = true_size(low - pad, high + pad, width)
    if types:
        add_group_names(
            figure, xy, shown["cell_type"].astype(str).tolist(), (low - pad, high + pad), pixels,
            palette,
        )  # fmt: skip
        for note in figure.layout.annotations:
            # The colours of types are those of no scale in this figure.
            note.arrowcolor = palette.muted
    styled(figure, palette, height=height - 10)
    equal_scales(figure)
    bare = {"showticklabels": False, "ticks": ""} if MAPS[place] == "UMAP" else {}
    figure.update_xaxes(title_text=f"{MAPS[place]} 1", range=[low[0] - pad[0], high[0] + pad[0]])
    figure.update_yaxes(title_text=f"{MAPS[place]} 2", range=[low[1] - pad[1], high[1] + pad[1]])
    figure.update_xaxes(**bare)
    figure.update_yaxes(**bare)
    figure.update_layout(margin={"t": 20, "b": 100})
    return figure
