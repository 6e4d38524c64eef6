"""Embeddings of the same cells beside each other, in one frame and in the same colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.points import MOST_VECTOR_POINTS, groups_of, is_categorical
from scdyn_core.plots.style import colour_bar, legend_at_bottom, styled
from scdyn_core.plots.text import escaped

#: Panels beside each other, pixels of one, and of all that is no panel.
COLUMNS, _PANEL, _EDGES = 3, 330, 170
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """The two directions of the reference's latent space that are drawn, ``(p, 2)`` each.

    Attributes
    ----------
    centre
        Origin, shape ``(p,)``.
    directions
        Columns are the two axes.
    titles
        Of the axes.
    """

    centre: Values
    directions: Values
    titles: tuple[str, str]

    def of(self, places: Values) -> Values:
        """Return where cells lie on the plane, ``(n, 2)``."""
        return np.asarray((places - self.centre) @ self.directions, dtype=np.float64)


def main_plane(reference: Values) -> Plane:
    """Return the plane of the first two principal components of the reference."""
    centre = reference.mean(axis=0)
    _, size, components = np.linalg.svd(reference - centre, full_matrices=False)
    share = np.square(size) / max(float(np.square(size).sum()), 1e-300)
    directions = np.zeros((reference.shape[1], 2))
    titles = ["", ""]
    for axis in range(min(2, len(components))):
        # The sign of a component is arbitrary: its largest entry points up.
        sign = np.sign(components[axis][np.abs(components[axis]).argmax()]) or 1.0
        directions[:, axis] = sign * components[axis]
        titles[axis] = f"component {axis + 1} ({share[axis]:.0%})"
    return Plane(centre, directions, (titles[0], titles[1]))


def latent_plane(reference: Values, x: int, y: int) -> Plane:
    """Return the plane of two latents of the reference, counted from 1."""
    directions = np.zeros((reference.shape[1], 2))
    directions[x - 1, 0] = directions[y - 1, 1] = 1.0
    names = (f"z<sub>{x}</sub>", f"z<sub>{y}</sub>")
    return Plane(np.zeros(reference.shape[1]), directions, names)


def compared_embeddings_figure(
    places: Mapping[str, Values],
    plane: Plane,
    colour: pd.Series,
    names: Sequence[str],
    *,
    notes: Mapping[str, str] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw one panel an embedding, all on the same axes.

    Parameters
    ----------
    places
        Name of an embedding (may be hostile) -> coordinates in the space of the first, ``(n, p)``.
    plane
        What is drawn of that space.
    colour
        Group or amount of every cell, shape ``(n,)``; its name is the title of the legend.
    names
        Of the cells; may be hostile.
    notes
        Name of an embedding -> what stands below its name.
    palette
        Colours.
    """
    columns = min(len(places), COLUMNS)
    rows = -(-len(places) // columns)
    told = notes or {}
    titles = [
        f"<b>{escaped(name)}</b>" + (f"<br>{escaped(told[name])}" if name in told else "")
        for name in places
    ]
    figure = make_subplots(
        rows, columns, shared_xaxes="all", shared_yaxes="all", horizontal_spacing=0.03,
        vertical_spacing=64 / (rows * _PANEL), subplot_titles=titles,
    )  # fmt: skip
    cells = [escaped(name) for name in names]
    draw = _groups if is_categorical(colour) else _amounts
    total = sum(len(each) for each in places.values())
    for position, own in enumerate(places.values()):
        place = {"row": position // columns + 1, "col": position % columns + 1}
        for trace in draw(plane.of(own), colour, cells, total, palette, first=position == 0):
            figure.add_trace(trace, **place)
    styled(figure, palette, height=_EDGES + rows * _PANEL)
    figure.update_layout(margin={"t": 64})
    legend_at_bottom(figure)
    if is_categorical(colour):
        figure.update_layout(legend_title_text=escaped(str(colour.name or "")))
    for column in range(1, columns + 1):
        last = sum(1 for at in range(len(places)) if at % columns == column - 1)
        figure.update_xaxes(title_text=plane.titles[0], showticklabels=True, row=last, col=column)
    figure.update_yaxes(title_text=plane.titles[1], col=1)
    figure.update_annotations(font={"size": 13})
    figure.update_yaxes(scaleanchor="x", scaleratio=1)
    return figure


def _groups(
    xy: Values, colour: pd.Series, cells: list[str], total: int, palette: Palette, *, first: bool
) -> list[Any]:
    groups, order = groups_of(colour)
    of = groups.to_numpy()
    labels = np.array(cells)
    return [
        _scatter(total)(
            x=xy[of == group, 0],
            y=xy[of == group, 1],
            mode="markers",
            name=escaped(group),
            legendgroup=escaped(group),
            showlegend=first,
            text=labels[of == group],
            marker={
                "size": _size(total),
                "color": palette.categorical[number % len(palette.categorical)],
                "opacity": 0.8,
            },
            hovertemplate="%{text}<br>%{fullData.name}<extra></extra>",
        )
        for number, group in enumerate(order)
    ]


def _amounts(
    xy: Values, colour: pd.Series, cells: list[str], total: int, palette: Palette, *, first: bool
) -> list[Any]:
    amounts = colour.to_numpy(dtype=np.float64)
    finite = amounts[np.isfinite(amounts)]
    low, high = np.quantile(finite, [0.01, 0.99]) if len(finite) else (0.0, 1.0)
    marker = {
        "size": _size(total),
        "color": amounts,
        "colorscale": palette.scale(palette.sequential),
        "cmin": low,
        "cmax": high if high > low else low + 1.0,
        "opacity": 0.85,
        "showscale": first,
        "colorbar": colour_bar(escaped(str(colour.name or "")), palette),
    }
    return [
        _scatter(total)(
            x=xy[:, 0], y=xy[:, 1], mode="markers", text=cells, customdata=amounts, marker=marker,
            showlegend=False, hovertemplate="%{text}<br>%{customdata:.3g}<extra></extra>",
        )
    ]  # fmt: skip


def _size(total: int) -> float:
    return float(np.clip(7.0 - np.log10(max(total, 100)), 2.0, 5.0))


def _scatter(total: int) -> Any:
    return go.Scatter if total <= MOST_VECTOR_POINTS else go.Scattergl
