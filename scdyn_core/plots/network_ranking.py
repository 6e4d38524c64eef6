"""Nodes of a network in order: hubs, or what is near a chosen node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx as nx
import plotly.graph_objects as go

from scdyn_core.plots.network_look import node_colours
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped, node_name

#: Letters of a label: longer ones leave the bars no room; they show whole under the mouse.
LONGEST = 18


def ranking_figure(
    graph: nx.DiGraph,
    ranking: Sequence[tuple[str, float]],
    membership: Mapping[str, int],
    *,
    title: str,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw nodes as bars in the colour of their community.

    Parameters
    ----------
    graph
        Of ``networks.graph_of``; names may be hostile.
    ranking
        Node and its value, the largest first.
    membership
        Node -> number of its community.
    title
        What the values are; markup is ours.
    palette
        Colours.
    """
    colours = node_colours(membership, palette)
    names = [escaped(_name(graph, node)) for node, _ in ranking]
    genes = [graph.nodes[node]["kind"] == "gene" for node, _ in ranking]
    short = [escaped(_shortened(_name(graph, node))) for node, _ in ranking]
    labels = [
        f"<i>{name}</i>" if gene else f"<b>{name}</b>"
        for name, gene in zip(short, genes, strict=True)
    ]
    figure = go.Figure(
        go.Bar(
            x=[value for _, value in ranking],
            y=list(range(len(ranking))),
            orientation="h",
            marker_color=[colours[node] for node, _ in ranking],
            text=names,
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


def _name(graph: nx.DiGraph, node: str) -> str:
    return node_name(graph.nodes[node]["kind"], graph.nodes[node]["name"])


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
