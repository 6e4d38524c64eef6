"""What of a network is looked at, and the edges that are then drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.networks.graph import Direction
from scdyn_core.networks.indexed import IndexedNetwork
from scdyn_core.networks.selection import (
    SignChoice,
    passing,
    strongest,
    strongest_in_total,
    surroundings,
)

#: Genes that each latent brings in, edges and nodes that are drawn, unless asked otherwise.
GENES, EDGES, NODES = 30, 150, 300
#: Edges of a node that comes in addition to what is drawn.
OWN_EDGES = 60


@dataclass(frozen=True)
class Look:
    """What is drawn of a network that may be large.

    Attributes
    ----------
    genes
        Genes that each latent brings in, in a network with latents.
    edges
        Strongest edges of all that are drawn, in a network of genes alone and round a node.
    nodes
        Never are more drawn.
    minimum, stability, sign
        As in ``selection.passing``.
    around, hops, direction
        Draw only what is within so many steps of this node, by the whole network.
    also
        A node whose strongest edges are drawn even if they are not among the strongest of all.
    """

    genes: int = GENES
    edges: int = EDGES
    nodes: int = NODES
    minimum: float = 0.0
    stability: float = 0.0
    sign: SignChoice = "any"
    around: str | None = None
    hops: int = 1
    direction: Direction = "both"
    also: str | None = None


def has_other_than_genes(network: IndexedNetwork) -> bool:
    """Return whether there are latents or other nodes that are no genes."""
    return bool((network.kinds != "gene").any())


def chosen_edges(network: IndexedNetwork, look: Look) -> NDArray[np.int64]:
    """Return the numbers of the edges that are drawn, in order."""
    passed = passing(network, minimum=look.minimum, stability=look.stability, sign=look.sign)
    if look.around is not None and look.around in network.numbers:
        return surroundings(
            network,
            passed,
            network.numbers[look.around],
            hops=look.hops,
            direction=look.direction,
            most_edges=look.edges,
            most_nodes=look.nodes,
        )
    if has_other_than_genes(network):
        rows = _strongest_of_latents(network, passed, look)
    else:
        rows = strongest_in_total(network, passed, most_edges=look.edges, most_nodes=look.nodes)
    if look.also is not None and look.also in network.numbers:
        node = network.numbers[look.also]
        touching = (network.source == node) | (network.target == node)
        rows = np.union1d(rows, np.flatnonzero(passed & touching)[:OWN_EDGES])
    return rows


def _strongest_of_latents(
    network: IndexedNetwork, passed: NDArray[np.bool_], look: Look
) -> NDArray[np.int64]:
    numbers = np.flatnonzero(passed)
    frame = network.frame(numbers).set_index(numbers)
    rows = np.sort(strongest(frame, look.genes).index.to_numpy(dtype=np.int64))
    between = network.kinds[network.target[rows]] != "gene"
    # What is no gene has its place; genes take what is left, the strongest first.
    first = np.concatenate([rows[between], rows[~between]])
    ends = np.column_stack([network.source[first], network.target[first]])
    nodes, at = np.unique(ends.ravel(), return_index=True)
    room = nodes[np.argsort(at)[: look.nodes]]
    return np.sort(first[np.isin(ends, room).all(axis=1)])
