"""An interaction network as a figure: communities, directions, signs and stability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import networkx as nx
import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.network_look import (
    SIGN_WORDS,
    drawn_colours,
    line_width,
    node_sizes,
    opacity,
    sign_colours,
)
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.style import styled
from scdyn_core.plots.text import escaped, node_name

Point = NDArray[np.float64]

#: Genes that get a label: more than this cover each other.
MOST_LABELS = 60
#: Edges alike in width and opacity become one trace.
WIDTHS, OPACITIES = 5, 4
#: Of the side of the figure: how much curves bend, where arrows end, radius of a loop.
BEND, GAP, GENE_GAP, LOOP = 0.12, 0.075, 0.025, 0.05
MARGIN = 0.15
CURVE_POINTS = 24
HEIGHT = 640
#: Letters of a name that fit into its node.
SHORT = 3


def network_figure(
    graph: nx.DiGraph,
    membership: Mapping[str, int],
    places: Mapping[str, tuple[float, float]],
    *,
    palette: Palette = LIGHT,
    painted: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw a network.

    Parameters
    ----------
    graph
        Of ``networks.graph_of``; names may be hostile.
    membership
        Node -> number of its community.
    places
        Node -> position, -1 to 1.
    palette
        Colours.
    painted
        Node -> colour; by community where not given.
    """
    figure = go.Figure()
    at = {node: np.asarray(place, dtype=np.float64) for node, place in places.items()}
    _edges(figure, graph, at, palette)
    colours = drawn_colours(graph, membership, palette, painted)
    _nodes(figure, graph, membership, at, palette, colours, groups=painted is None)
    _legend(figure, graph, palette)
    styled(figure, palette, height=HEIGHT)
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top"},
    )
    figure.update_xaxes(visible=False, range=_range(at, 0))
    figure.update_yaxes(visible=False, range=_range(at, 1), scaleanchor="x", scaleratio=1)
    return figure


def _edges(figure: go.Figure, graph: nx.DiGraph, at: Mapping[str, Point], palette: Palette) -> None:
    lines: dict[tuple[int, float, float], list[Point]] = defaultdict(list)
    tips: dict[int, list[tuple[Point, float, float, float]]] = defaultdict(list)
    for source, target, told in graph.edges(data=True):
        genes = [graph.nodes[end]["kind"] == "gene" for end in (source, target)]
        # Only latents act on genes there: an arrow at each of hundreds of genes says nothing.
        bare = genes == [False, True]
        gap = 0.0 if bare else GENE_GAP if genes[1] else GAP
        bent = graph.has_edge(target, source)
        curve = _curve(at[source], at[target], bent=bent, gap=gap)
        seen = round(opacity(told["stability"]) * OPACITIES) / OPACITIES
        width = line_width(round(told["weight"] * WIDTHS) / WIDTHS)
        lines[told["sign"], width, seen].append(np.vstack([curve, [np.nan, np.nan]]))
        if not bare:
            along = curve[-1] - curve[-2]
            angle = float(np.degrees(np.arctan2(along[0], along[1])))
            tips[told["sign"]].append((curve[-1], angle, seen, 8.0 if genes[1] else 11.0))
    colours = sign_colours(palette)
    for (sign, width, seen), curves in lines.items():
        x, y = np.vstack(curves).T
        figure.add_trace(go.Scatter(
            x=x, y=y, mode="lines", line={"width": width, "color": colours[sign]}, opacity=seen,
            hoverinfo="skip", showlegend=False, name=SIGN_WORDS[sign],
        ))  # fmt: skip
    symbols = {1: "triangle-up", -1: "line-ew", 0: "circle"}
    for sign, ends in tips.items():
        points = np.array([point for point, *_ in ends])
        figure.add_trace(go.Scatter(
            x=points[:, 0], y=points[:, 1], mode="markers", hoverinfo="skip", showlegend=False,
            marker={
                "symbol": symbols[sign], "angle": [angle for _, angle, *_ in ends],
                "size": [6.0 if sign == 0 else size for *_, size in ends], "color": colours[sign],
                "opacity": [seen for _, _, seen, _ in ends],
                "line": {"width": 0 if sign >= 0 else 3, "color": colours[sign]},
            },
            name=SIGN_WORDS[sign],
        ))  # fmt: skip


def _curve(start: Point, end: Point, *, bent: bool, gap: float) -> Point:
    """Return points from one node to shortly before the other, or round a node, ``(n, 2)``."""
    if np.allclose(start, end):
        away = start / (np.linalg.norm(start) or 1.0) if np.any(start) else np.array([0.0, 1.0])
        turn = np.arctan2(-away[1], -away[0]) + np.linspace(0.5, 2 * np.pi - 0.5, CURVE_POINTS)
        circle = np.column_stack([np.cos(turn), np.sin(turn)])
        return np.asarray(start + (GAP + LOOP) * away + LOOP * circle)
    along = end - start
    control = (start + end) / 2 + (BEND * np.array([-along[1], along[0]]) if bent else 0.0)
    t = np.linspace(0, 1, CURVE_POINTS)[:, None]
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    outside = np.linalg.norm(curve - end, axis=1) > gap
    return np.asarray(curve[outside] if outside.sum() > 1 else curve)


def _nodes(
    figure: go.Figure,
    graph: nx.DiGraph,
    membership: Mapping[str, int],
    at: Mapping[str, Point],
    palette: Palette,
    colours: Mapping[str, str],
    *,
    groups: bool,
) -> None:
    sizes = node_sizes(graph)
    strongest = sorted(graph, key=lambda node: (-sizes[node], node))
    labelled = {node for node in strongest if graph.nodes[node]["kind"] != "gene"}
    labelled |= set(strongest[: MOST_LABELS + len(labelled)])
    for number in sorted(set(membership.values())):
        nodes = [node for node in graph if membership[node] == number]
        genes = [graph.nodes[node]["kind"] == "gene" for node in nodes]
        names = [escaped(_name(graph, node)) for node in nodes]
        figure.add_trace(go.Scatter(
            x=[at[node][0] for node in nodes],
            y=[at[node][1] for node in nodes],
            mode="markers+text",
            marker={
                "symbol": ["circle" if gene else "diamond" for gene in genes],
                "size": [sizes[node] for node in nodes],
                "color": [colours[node] for node in nodes],
                "opacity": 1,
                "line": {"width": 1, "color": palette.background},
            },
            text=[
                "" if node not in labelled else f"<i>{name}</i>" if gene else f"<b>{name}</b>"
                for node, name, gene in zip(nodes, names, genes, strict=True)
            ],
            textposition=[
                "middle center" if len(name) <= SHORT and not gene else _outwards(at[node])
                for node, name, gene in zip(nodes, names, genes, strict=True)
            ],
            textfont={
                "size": [11 if gene else 13 for gene in genes],
                "color": [
                    palette.background if len(name) <= SHORT and not gene else palette.ink
                    for name, gene in zip(names, genes, strict=True)
                ],
            },
            customdata=[
                f"{name}<br>{escaped(graph.nodes[node]['kind'])}, community {number}"
                for node, name in zip(nodes, names, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
            name=f"community {number}",
            showlegend=groups and len(nodes) > 1,
        ))  # fmt: skip


def _range(at: Mapping[str, Point], axis: int) -> list[float]:
    values = [float(place[axis]) for place in at.values()] or [0.0]
    return [min(values) - MARGIN, max(values) + MARGIN]


def _outwards(place: Point) -> str:
    x, y = place
    if abs(x) > abs(y):
        return "middle right" if x > 0 else "middle left"
    return "top center" if y > 0 else "bottom center"


def _legend(figure: go.Figure, graph: nx.DiGraph, palette: Palette) -> None:
    used = {sign for *_, sign in graph.edges(data="sign")}
    for sign, colour in sign_colours(palette).items():
        if sign in used:
            figure.add_trace(go.Scatter(
                x=[None], y=[None], mode="lines", line={"width": 3, "color": colour},
                name=SIGN_WORDS[sign], showlegend=True,
            ))  # fmt: skip


def _name(graph: nx.DiGraph, node: str) -> str:
    return node_name(graph.nodes[node]["kind"], graph.nodes[node]["name"])
