"""Where the nodes of a network are drawn: the same network always looks the same."""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from scdyn_core.networks.graph import directed

#: Distance of nodes that repel each other, over that of nodes spread evenly.
SPREAD = 4.0
HEIGHT = 0.85
ITERATIONS = 300


def positions(graph: nx.DiGraph, *, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Place nodes by a spring embedding (Fruchterman and Reingold 1991).

    x from -1 to 1, y by ``HEIGHT``.

    Edges pull by the root of their weight, so that weak ones still hold their nodes.
    """
    symmetric = directed(graph, "both")
    pulled = nx.Graph()
    pulled.add_nodes_from(sorted(symmetric))
    for source, target, weight in sorted(symmetric.edges(data="weight")):
        if source != target:
            pulled.add_edge(source, target, weight=max(float(np.sqrt(weight)), 0.05))
    if not len(pulled):
        return {}
    spread = SPREAD / np.sqrt(len(pulled))
    placed = nx.spring_layout(pulled, k=spread, iterations=ITERATIONS, seed=seed)
    return {
        node: (float(x), float(y))
        for node, (x, y) in zip(placed, _lying(np.array(list(placed.values()))), strict=True)
    }


def _lying(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn points so that they are widest from left to right, and fill -1 … 1 by ±HEIGHT."""
    points = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=True)
    # The direction of an axis is arbitrary: what sticks out furthest is on the right, and on top.
    turned = points @ axes.T
    furthest = turned[np.abs(turned).argmax(axis=0), range(2)]
    turned = turned * np.where(furthest < 0, -1.0, 1.0)
    # Distances in a spring embedding mean little; a page and a screen are wider than high.
    reach = np.maximum(np.abs(turned).max(axis=0), 1e-12)
    return np.asarray(turned / reach * (1.0, HEIGHT))
