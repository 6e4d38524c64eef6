"""Point clouds: one trace, or one per category, light enough for a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.style import colour_bar
from scdyn_core.plots.text import escaped

#: More points than this make a browser slow and tell the eye nothing more.
MOST_POINTS = 50_000
#: Up to here points stay vectors, so that a saved SVG can be edited.
MOST_VECTOR_POINTS = 6_000
MOST_CATEGORIES = 16
OTHER = "other"


def thinned(frame: pd.DataFrame) -> pd.DataFrame:
    """Return at most ``MOST_POINTS`` rows, the same ones every time."""
    if len(frame) <= MOST_POINTS:
        return frame
    return frame.sample(MOST_POINTS, random_state=0).sort_index()


def is_categorical(values: pd.Series) -> bool:
    """Return whether values name groups rather than amounts."""
    return not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)


def add_background(figure: go.Figure, x: Any, y: Any, palette: Palette) -> None:
    """Draw cells as a quiet background."""
    figure.add_trace(point_trace(x, y, len(x), colour=palette.muted, opacity=0.35))


def point_trace(
    x: Any, y: Any, n: int, *, colour: str, opacity: float, name: str | None = None
) -> Any:
    """Return cells in one colour without a legend, sized for ``n`` cells in the whole figure."""
    marker = {"size": point_size(n), "color": colour, "opacity": opacity}
    return _scatter(n)(
        x=x, y=y, mode="markers", marker=marker, hoverinfo="skip", showlegend=False, name=name
    )


def add_points(
    figure: go.Figure,
    x: pd.Series,
    y: pd.Series,
    colour: pd.Series,
    palette: Palette,
    *,
    names: Sequence[str],
    title: str,
) -> None:
    """Draw cells coloured by a group or an amount; ``names`` and ``title`` may be hostile."""
    if is_categorical(colour):
        _by_group(figure, x, y, colour, palette, names, title)
    else:
        _by_amount(figure, x, y, colour, palette, names, title)


def _by_group(
    figure: go.Figure,
    x: pd.Series,
    y: pd.Series,
    colour: pd.Series,
    palette: Palette,
    names: Sequence[str],
    title: str,
) -> None:
    groups, order = groups_of(colour)
    labels = np.array([escaped(name) for name in names])
    for position, group in enumerate(order):
        members = (groups == group).to_numpy()
        hue = palette.categorical[position % len(palette.categorical)]
        figure.add_trace(
            _scatter(len(x))(
                x=x[members],
                y=y[members],
                mode="markers",
                name=escaped(group),
                text=labels[members],
                marker={"size": point_size(len(x)), "color": hue, "opacity": 0.85},
                hovertemplate="%{text}<br>%{fullData.name}<extra></extra>",
            )
        )
    figure.update_layout(legend_title_text=escaped(title))


def _by_amount(
    figure: go.Figure,
    x: pd.Series,
    y: pd.Series,
    colour: pd.Series,
    palette: Palette,
    names: Sequence[str],
    title: str,
) -> None:
    amounts = colour.to_numpy(dtype=float)
    finite = amounts[np.isfinite(amounts)]
    low, high = np.quantile(finite, [0.01, 0.99]) if len(finite) else (0.0, 1.0)
    figure.add_trace(
        _scatter(len(x))(
            x=x,
            y=y,
            mode="markers",
            text=[escaped(name) for name in names],
            customdata=amounts,
            showlegend=False,
            marker={
                "size": point_size(len(x)),
                "color": amounts,
                "colorscale": palette.scale(palette.sequential),
                "cmin": low,
                "cmax": high if high > low else low + 1.0,
                "opacity": 0.9,
                "colorbar": colour_bar(escaped(title), palette),
            },
            hovertemplate="%{text}<br>%{customdata:.3g}<extra></extra>",
        )
    )


def groups_of(colour: pd.Series) -> tuple[pd.Series, list[str]]:
    """Return the group of every cell and the groups in order; the rarest beyond 16 are one."""
    groups = colour.astype("string").fillna("not known")
    if isinstance(colour.dtype, pd.CategoricalDtype):
        order = [str(level) for level in colour.cat.categories if (groups == str(level)).any()]
        order += [group for group in groups.unique() if group not in order]
    else:
        order = sorted(groups.unique())
    if len(order) > MOST_CATEGORIES:
        common = set(groups.value_counts().index[: MOST_CATEGORIES - 1])
        groups = groups.where(groups.isin(common), OTHER)
        order = [group for group in order if group in common] + [OTHER]
    return groups, order


def group_colours(groups: pd.Series, palette: Palette) -> dict[str, str]:
    """Return the colour of each group, the same in every figure of the same cells."""
    _, order = groups_of(groups)
    hues = palette.categorical
    return {group: hues[position % len(hues)] for position, group in enumerate(order)}


def point_size(n: int) -> float:
    """Return the diameter of points, in pixels, when a figure has ``n`` of them."""
    return float(np.clip(6.5 - np.log10(max(n, 100)), 2.0, 4.5))


def _scatter(n: int) -> Any:
    return go.Scatter if n <= MOST_VECTOR_POINTS else go.Scattergl
