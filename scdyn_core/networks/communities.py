"""Groups of nodes that hang together more than chance would have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from scdyn_core.networks.graph import directed

#: Other seeds that a partition is compared with.
OTHER_SEEDS = 9


@dataclass(frozen=True)
class Communities:
    """A partition of the nodes.

    Attributes
    ----------
    membership
        Node -> number of its community; 1 is the largest.
    modularity
        Of the symmetrised weighted graph (Newman 2004), whatever the resolution.
    agreement
        Mean adjusted Rand index with the partitions of other seeds; 1 is always the same.
    stability
        Node -> how often, over other seeds, it is together with the others of its community.
    """

    membership: Mapping[str, int]
    modularity: float
    agreement: float
    stability: Mapping[str, float]


def leiden(graph: nx.DiGraph, *, resolution: float = 1.0, seed: int = 0) -> Communities:
    """Find communities with the Leiden algorithm (Traag et al. 2019).

    The graph is symmetrised with the weights of both ways added; edges of a node to itself say
    nothing about who belongs together and are left out.

    Parameters
    ----------
    graph
        Of ``graph_of``.
    resolution
        Larger finds more and smaller communities; 1 maximises modularity.
    seed
        Of the algorithm's random choices.

    Notes
    -----
    doi:10.1038/s41598-019-41695-z.
    """
    from sklearn.metrics import adjusted_rand_score

    nodes = sorted(graph)
    if not nodes:
        return Communities({}, 0.0, 1.0, {})
    network, weights = _igraph(graph, nodes)
    if not any(weights):
        alone = {node: number for number, node in enumerate(nodes, start=1)}
        return Communities(alone, 0.0, 1.0, dict.fromkeys(nodes, 1.0))
    chosen = _partition(network, weights, resolution, seed)
    others = [
        _partition(network, weights, resolution, seed + other)
        for other in range(1, OTHER_SEEDS + 1)
    ]
    together = np.mean([other[:, None] == other for other in others], axis=0)
    return Communities(
        membership=dict(zip(nodes, (chosen + 1).tolist(), strict=True)),
        modularity=float(network.modularity(chosen.tolist(), weights=weights)),
        agreement=float(np.mean([adjusted_rand_score(chosen, other) for other in others])),
        stability={node: _with_mates(together, chosen, at) for at, node in enumerate(nodes)},
    )


def _igraph(graph: nx.DiGraph, nodes: list[str]) -> tuple[Any, list[float]]:
    import igraph

    position = {node: at for at, node in enumerate(nodes)}
    pairs = sorted(
        (*sorted((position[source], position[target])), weight)
        for source, target, weight in directed(graph, "both").edges(data="weight")
        if source != target
    )
    ends = [(source, target) for source, target, _ in pairs]
    return igraph.Graph(n=len(nodes), edges=ends), [weight for *_, weight in pairs]


def _partition(
    network: Any, weights: list[float], resolution: float, seed: int
) -> NDArray[np.int64]:
    """Return the community of each node, counted from 0, the largest first."""
    import leidenalg

    found = leidenalg.find_partition(
        network,
        leidenalg.RBConfigurationVertexPartition,
        weights=weights,
        resolution_parameter=resolution,
        n_iterations=-1,
        seed=seed,
    )
    numbers = np.asarray(found.membership)
    _, first, sizes = np.unique(numbers, return_index=True, return_counts=True)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    ordered: NDArray[np.int64] = rank[numbers]
    return ordered


def _with_mates(together: NDArray[np.float64], chosen: NDArray[np.int64], at: int) -> float:
    mates = chosen == chosen[at]
    mates[at] = False
    return float(together[at, mates].mean()) if mates.any() else 1.0
