"""What two networks have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.networks.comparison import BOTH, FIRST, SECOND
from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.point_labels import add_point_labels
from scdyn_core.plots.style import legend_at_bottom, styled
from scdyn_core.plots.text import escaped

#: Edges that are drawn, and edges that are named.
MOST_POINTS, MOST_NAMED = 4_000, 5


def overlap_figure(curve: pd.DataFrame, *, palette: Palette = LIGHT) -> go.Figure:
    """Draw how many of the strongest edges two networks share, and how many by chance.

    Parameters
    ----------
    curve
        As ``networks.comparison.overlap_curve`` returns it.
    palette
        Colours.
    """
    figure = go.Figure()
    looks = (("expected", "chance", palette.muted, "dash", 1.4),
             ("shared", "shared edges", palette.model, "solid", 2.6))  # fmt: skip
    for column, name, hue, dash, width in looks:
        figure.add_trace(
            go.Scatter(
                x=curve["k"], y=curve[column] / curve["k"], name=name,
                mode="lines" if dash == "dash" else "lines+markers",
                line={"color": hue, "width": width, "dash": dash}, marker={"size": 8},
                customdata=curve[[column, "jaccard" if column == "shared" else "chance"]],
                hovertemplate=f"{name}: %{{customdata[0]:,.3g}} of the %{{x:,}} strongest"
                "<br>Jaccard index %{customdata[1]:.2f}<extra></extra>",
            )
        )  # fmt: skip
    styled(figure, palette, height=480)
    figure.update_xaxes(
        title_text="strongest edges of each", **log_axis(curve["k"].to_numpy(dtype=np.float64))
    )
    figure.update_yaxes(title_text="share of them in both", range=[0, 1.03], tickformat=".0%")
    legend_at_bottom(figure)
    return figure


def weights_figure(
    table: pd.DataFrame, names: tuple[str, str], units: tuple[str, str], *,
    palette: Palette = LIGHT,
) -> go.Figure:  # fmt: skip
    """Draw the signed strengths of edges in one network against those in the other.

    Parameters
    ----------
    table
        As ``networks.comparison.edges_in`` returns it; genes may be hostile.
    names, units
        Of the networks (may be hostile), and of their strengths.
    palette
        Colours.
    """
    own = table.head(MOST_POINTS)
    x, y = (
        (own[f"strength_{end}"] * own[f"sign_{end}"].where(own[f"sign_{end}"] != 0, 1)).to_numpy()
        for end in "ab"
    )
    words = [
        f"{escaped(source)} → {escaped(target)}"
        for source, target in zip(own["source"], own["target"], strict=True)
    ]
    figure = go.Figure()
    looks = ((FIRST, f"only {escaped(names[0])}", palette.baseline, "triangle-right"),
             (SECOND, f"only {escaped(names[1])}", palette.categorical[1], "triangle-up"),
             (BOTH, "both", palette.model, "circle"))  # fmt: skip
    for among, name, hue, symbol in looks:
        rows = np.flatnonzero((own["among"] == among).to_numpy())
        if len(rows):
            figure.add_trace(
                go.Scatter(
                    x=x[rows], y=y[rows], mode="markers", name=f"{name} ({len(rows):,})",
                    marker={"color": hue, "symbol": symbol, "size": 8, "opacity": 0.8},
                    text=[words[row] for row in rows],
                    hovertemplate="%{text}<br>%{x:.3g} and %{y:.3g}<extra></extra>",
                )
            )  # fmt: skip
    styled(figure, palette, height=480)
    line = {"color": palette.grid, "width": 1}
    figure.add_hline(y=0, line=line, layer="below")
    figure.add_vline(x=0, line=line, layer="below")
    shared = np.flatnonzero((own["among"] == BOTH).to_numpy())[:MOST_NAMED]
    _name(figure, np.column_stack([x, y]), shared.tolist(), own, palette)
    for axis, name, unit in zip((figure.update_xaxes, figure.update_yaxes), names, units,
                                strict=True):  # fmt: skip
        axis(title_text=escaped(name) + (f" ({escaped(unit)})" if unit else ""))
    legend_at_bottom(figure)
    return figure


def _name(
    figure: go.Figure, xy: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    rows: list[int], table: pd.DataFrame, palette: Palette,
) -> None:  # fmt: skip
    if not len(xy):
        return
    # Names are placed on axes of one scale; here each axis has its own.
    scale = np.array([620.0, 400.0]) / np.maximum(np.ptp(xy, axis=0), 1e-12)
    named = [f"{table['source'].iloc[row]} → {table['target'].iloc[row]}" for row in rows]
    add_point_labels(figure, xy * scale, rows, named, palette)
    for note in figure.layout.annotations:
        note.x, note.y = note.x / scale[0], note.y / scale[1]
