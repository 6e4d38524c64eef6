"""Where the nodes of a network are drawn: the same network always looks the same.

Every layout returns places with x from -1 to 1 and y from ``-HEIGHT`` to ``HEIGHT``.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from scdyn_core.networks.graph import directed

HEIGHT = 0.62
#: Distance of nodes that repel each other, over that of nodes spread evenly.
SPREAD = 4.0
#: Rounds of settling; large parts start near where they end.
ITERATIONS, FEWER, LARGE = 60, 30, 150
#: Room round each part of a network that hangs together, in lengths of an edge.
ROOM = 0.8

Places = dict[str, tuple[float, float]]
Points = NDArray[np.float64]


def positions(graph: nx.DiGraph) -> Places:
    """Place nodes by a spring embedding, each part that hangs together by itself.

    Parts start from their graph distances (Kamada and Kawai 1989) and settle by springs
    (Fruchterman and Reingold 1991) that pull by the root of the weight, so that weak edges still
    hold their nodes; they are then put side by side in rows.
    """
    symmetric = directed(graph, "both")
    pulled = nx.Graph()
    pulled.add_nodes_from(sorted(symmetric))
    for source, target, weight in sorted(symmetric.edges(data="weight")):
        if source != target:
            pulled.add_edge(source, target, weight=max(float(np.sqrt(weight)), 0.05))
    parts = sorted((sorted(part) for part in nx.connected_components(pulled)),
                   key=lambda part: (-len(part), part))  # fmt: skip
    settled = [_settled(pulled.subgraph(part), part) for part in parts]
    nodes = [node for part in parts for node in part]
    return filled(dict(zip(nodes, side_by_side(settled), strict=True))) if nodes else {}


def filled(places: dict[str, Any]) -> Places:
    """Return places stretched so that they fill the drawing."""
    points = np.array(list(places.values()), dtype=np.float64).reshape(-1, 2)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    reach = np.maximum(np.abs(points - middle).max(axis=0), 1e-12)
    drawn = (points - middle) / reach * (1.0, HEIGHT)
    return {node: (float(x), float(y)) for node, (x, y) in zip(places, drawn, strict=True)}


def _settled(part: nx.Graph, nodes: list[str]) -> Points:
    """Return the places of the nodes of one part, widest from left to right; edges of length 1."""
    import igraph

    if len(nodes) == 1:
        return np.zeros((1, 2))
    number = {node: at for at, node in enumerate(nodes)}
    ends = sorted(tuple(sorted((number[a], number[b]))) for a, b in part.edges)
    start = np.array(igraph.Graph(n=len(nodes), edges=ends).layout_kamada_kawai().coords)
    start = (start - start.mean(axis=0)) / max(float(np.abs(start).max()), 1e-12)
    ordered = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_weighted_edges_from(
        (nodes[a], nodes[b], part[nodes[a]][nodes[b]]["weight"]) for a, b in ends
    )
    found = nx.spring_layout(
        ordered,
        pos=dict(zip(nodes, start, strict=True)),
        k=SPREAD / np.sqrt(len(nodes)),
        iterations=FEWER if len(nodes) > LARGE else ITERATIONS,
        seed=0,
    )
    points = np.array([found[node] for node in nodes])
    points = points - points.mean(axis=0)
    length = np.median([np.linalg.norm(points[a] - points[b]) for a, b in ends])
    _, _, axes = np.linalg.svd(points, full_matrices=True)
    # The direction of an axis is arbitrary: what sticks out furthest is on the right, and on top.
    turned = points @ axes.T
    furthest = turned[np.abs(turned).argmax(axis=0), range(2)]
    return np.asarray(turned * np.where(furthest < 0, -1.0, 1.0) / max(float(length), 1e-12))


def side_by_side(parts: list[Points]) -> Points:
    """Return the points of all parts with the parts in rows, as wide as the drawing asks."""
    boxes = [points.max(axis=0) - points.min(axis=0) + 2 * ROOM for points in parts]
    area = sum(float(width * height) for width, height in boxes)
    wide = max(np.sqrt(area / HEIGHT), max((float(width) for width, _ in boxes), default=0.0))
    placed, x, y, tall = [], 0.0, 0.0, 0.0
    for points, (width, height) in zip(parts, boxes, strict=True):
        if x > 0 and x + width > wide * 1.05:
            x, y, tall = 0.0, y - tall, 0.0
        corner = np.array([x, y - height])
        placed.append(points - points.min(axis=0) + ROOM + corner)
        x, tall = x + width, max(tall, float(height))
    return np.vstack(placed)
