"""The layouts a reader can choose: what each of them shows best is in its name."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Literal

import networkx as nx
import numpy as np

from scdyn_core.networks.graph import directed
from scdyn_core.networks.layout import HEIGHT, Places, filled, positions

Layout = Literal["springs", "rings", "circle", "layers"]
#: Layout -> what it is called.
NAMES: dict[Layout, str] = {
    "springs": "Springs",
    "rings": "Rings round a node",
    "circle": "Circle by community",
    "layers": "Layers by direction",
}
#: Nodes on a ring or in a column before another one is begun.
ON_RING, IN_COLUMN = 14, 24


def places_of(
    graph: nx.DiGraph, layout: Layout, membership: Mapping[str, int], focus: str | None = None
) -> Places:
    """Place the nodes of a graph of ``graph_of``.

    Parameters
    ----------
    graph
        With at least one node.
    layout
        ``springs``: connected nodes close together; ``rings``: by steps from ``focus``;
        ``circle``: communities side by side; ``layers``: sources left of their targets.
    membership
        Node -> number of its community.
    focus
        Node in the middle of the rings; the one with most edges where not given.
    """
    if layout == "springs":
        return positions(graph)
    if layout == "rings":
        return _rings(graph, focus)
    if layout == "circle":
        return _circle(graph, membership)
    return _layers(graph)


def _rings(graph: nx.DiGraph, focus: str | None) -> Places:
    symmetric = directed(graph, "both")
    weight = dict(symmetric.degree(weight="weight"))
    strongest = min(graph, key=lambda node: (-weight[node], node))
    middle: str = strongest if focus is None or focus not in graph else focus
    steps = nx.single_source_shortest_path_length(symmetric, middle)
    far = max(steps.values()) + 1
    ordered = sorted(graph, key=lambda node: (steps.get(node, far), -weight[node], node))
    places: Places = {middle: (0.0, 0.0)}
    angle = {middle: 0.0}
    radius = 0
    for _, group in groupby(ordered[1:], key=lambda node: steps.get(node, far)):
        waiting = list(group)
        while waiting:
            radius += 1
            ring = waiting[: ON_RING * radius]
            waiting = waiting[len(ring) :]
            # Beside what they hang on, in the ring inside.
            ring.sort(key=lambda node: (_mean_angle(symmetric, node, angle), node))
            for at, node in enumerate(ring):
                angle[node] = 2 * np.pi * (at + 0.5 * (radius % 2)) / len(ring)
                places[node] = (radius * float(np.cos(angle[node])),
                                radius * float(np.sin(angle[node])))  # fmt: skip
    reach = max(radius, 1)
    return {node: (x / reach, HEIGHT * y / reach) for node, (x, y) in places.items()}


def _mean_angle(graph: nx.Graph, node: str, angle: Mapping[str, float]) -> float:
    known = [angle[other] for other in graph[node] if other in angle]
    if not known:
        return 2 * np.pi
    mean = float(np.angle(np.exp(1j * np.array(known)).mean()))
    return mean % (2 * np.pi)


def _circle(graph: nx.DiGraph, membership: Mapping[str, int]) -> Places:
    weight = dict(graph.degree(weight="weight"))
    ordered = sorted(graph, key=lambda node: (membership[node], -weight[node], node))
    number = len(set(membership.values()))
    gap = max(len(ordered) / 60, 0.5) if number > 1 else 0.0
    whole = len(ordered) + gap * number
    at, places = 0.0, {}
    for before, node in zip([ordered[0], *ordered], ordered, strict=False):
        at += gap if membership[before] != membership[node] else 0.0
        turn = np.pi / 2 - 2 * np.pi * at / whole
        places[node] = (float(np.cos(turn)), HEIGHT * float(np.sin(turn)))
        at += 1.0
    return places


def _layers(graph: nx.DiGraph) -> Places:
    loops = list(nx.selfloop_edges(graph))
    plain = nx.DiGraph(graph)
    plain.remove_edges_from(loops)
    knots = nx.condensation(plain)
    layer = {
        node: depth
        for depth, generation in enumerate(nx.topological_generations(knots))
        for knot in generation
        for node in knots.nodes[knot]["members"]
    }
    height: dict[str, float] = {}
    places, column = {}, 0
    for depth in range(max(layer.values()) + 1):
        own = sorted(node for node in graph if layer[node] == depth)
        own.sort(key=lambda node: _mean_height(plain, node, height))
        for start in range(0, len(own), IN_COLUMN):
            part = own[start : start + IN_COLUMN]
            for at, node in enumerate(part):
                height[node] = 0.5 - (at + 0.5) / len(part)
                places[node] = (float(column), height[node])
            column += 1
    return filled(places)


def _mean_height(graph: nx.DiGraph, node: str, height: Mapping[str, float]) -> float:
    known = [height[source] for source in graph.predecessors(node) if source in height]
    return -float(np.mean(known)) if known else 0.0
