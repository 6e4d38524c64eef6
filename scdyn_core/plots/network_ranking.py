"""Nodes of a network in order: hubs, or what is near a chosen node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped, node_name

#: Letters of a label: longer ones leave the bars no room; they show whole under the mouse.
LONGEST = 18


@dataclass(frozen=True)
class Ranked:
    """A node with its value.

    Attributes
    ----------
    kind, name
        Of the node; names may be hostile.
    value
        Length of its bar.
    community
        Number of its community; ``None`` where it is not drawn in the network.
    """

    kind: str
    name: str
    value: float
    community: int | None


def ranking_figure(ranking: Sequence[Ranked], *, title: str, palette: Palette = LIGHT) -> go.Figure:
    """Draw nodes as bars in the colour of their community.

    Parameters
    ----------
    ranking
        The largest value first.
    title
        What the values are; markup is ours.
    palette
        Colours.
    """
    names = [node_name(one.kind, one.name) for one in ranking]
    labels = [
        f"<i>{escaped(shortened(name))}</i>"
        if one.kind == "gene"
        else f"<b>{escaped(shortened(name))}</b>"
        for name, one in zip(names, ranking, strict=True)
    ]
    figure = go.Figure(
        go.Bar(
            x=[one.value for one in ranking],
            y=list(range(len(ranking))),
            orientation="h",
            marker_color=[_colour(one, palette) for one in ranking],
            text=[escaped(name) for name in names],
            textposition="none",
            hovertemplate="%{text}: %{x:.3g}<extra></extra>",
        )
    )
    styled(figure, palette, height=90 + 20 * max(len(ranking), 3))
    figure.update_layout(bargap=0.25, margin={"l": 10, "r": 10, "t": 10, "b": 48})
    figure.update_xaxes(title_text=title)
    figure.update_yaxes(
        tickvals=list(range(len(ranking))),
        ticktext=labels,
        autorange="reversed",
        showline=False,
        ticks="",
        automargin=True,
    )
    return figure


def shortened(name: str) -> str:
    """Return a name with an ellipsis where it has no room."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def _colour(one: Ranked, palette: Palette) -> str:
    if one.community is None:
        return palette.faint
    return palette.categorical[(one.community - 1) % len(palette.categorical)]
