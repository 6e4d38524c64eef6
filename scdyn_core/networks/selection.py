"""Which edges of a large network are looked at."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.networks.graph import Direction
from scdyn_core.networks.indexed import IndexedNetwork

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
#: What the edges that stay do to their targets.
SignChoice = Literal["any", "raises", "lowers"]


def strongest(
    edges: pd.DataFrame, most: int, *, kind: str = "gene", minimum: float = 0.0
) -> pd.DataFrame:
    """Return the strongest targets of every source.

    A target that one source brings in keeps its edges from the other sources too, as long as
    they are no weaker than the weakest edge that was brought in: genes shared by sources stay
    shared, and no noise comes with them.

    Parameters
    ----------
    edges
        One edge for each pair (``IndexedNetwork.frame``).
    most
        Targets of the kind ``kind`` that each source brings in; edges to other kinds all stay.
    kind
        Kind of the targets that are counted.
    minimum
        Smallest weight that stays.
    """
    edges = edges[edges["weight"] >= minimum]
    counted = edges["target_kind"] == kind
    ranked = edges[counted].sort_values(["weight", "target"], ascending=[False, True])
    brought = ranked.groupby(["source_kind", "source"], sort=False).head(most)
    if brought.empty:
        return edges[~counted]
    shared = counted & edges["target"].isin(brought["target"])
    strong = shared & (edges["weight"] >= brought["weight"].min())
    kept: pd.DataFrame = edges[~counted | strong | edges.index.isin(brought.index)]
    return kept


def passing(
    network: IndexedNetwork,
    *,
    minimum: float = 0.0,
    stability: float = 0.0,
    sign: SignChoice = "any",
) -> Mask:
    """Return which edges are strong and stable enough and act as asked.

    An edge whose stability is unknown passes only when none is asked for.
    """
    passed = network.weight >= minimum
    if stability > 0:
        passed &= network.stability >= stability
    if sign != "any":
        passed &= network.sign == (1 if sign == "raises" else -1)
    return passed


def strongest_in_total(
    network: IndexedNetwork, passed: Mask, *, most_edges: int, most_nodes: int
) -> Rows:
    """Return the strongest edges of all, between at most ``most_nodes`` nodes.

    Nodes come in with the strongest edge they have; edges of nodes that find no room are left
    out.
    """
    rows = np.flatnonzero(passed)[:most_edges]
    return rows[_within(network, rows, most_nodes)]


def surroundings(
    network: IndexedNetwork,
    passed: Mask,
    node: int,
    *,
    hops: int,
    direction: Direction,
    most_edges: int,
    most_nodes: int,
) -> Rows:
    """Return the edges among the nodes within ``hops`` steps of one.

    Where they are too many, each step brings in the nodes with the strongest edges to those that
    are there already. The edges that bring nodes in come first, then the strongest of the others.

    Parameters
    ----------
    network, passed
        Edges that are walked along.
    node
        Number of the node in the middle.
    hops, direction
        How far, and along the edges, against them or both ways.
    most_edges, most_nodes
        At least one edge and two nodes.
    """
    there = np.zeros(len(network.names), dtype=bool)
    there[node] = True
    room = min(most_nodes, most_edges + 1) - 1
    brought = np.zeros(0, dtype=np.int64)
    for _ in range(hops):
        rows, new = _steps(network, passed, there, direction)
        _, first = np.unique(new, return_index=True)
        chosen = np.sort(first)[: room - len(brought)]
        if not len(chosen):
            break
        there[new[chosen]] = True
        brought = np.concatenate([brought, rows[chosen]])
    inside = passed & there[network.source] & there[network.target]
    inside[brought] = False
    others = np.flatnonzero(inside)[: max(most_edges - len(brought), 0)]
    return np.sort(np.concatenate([brought, others]))


def _steps(
    network: IndexedNetwork, passed: Mask, there: Mask, direction: Direction
) -> tuple[Rows, Rows]:
    """Return edges that lead out of what is there, the strongest first, and to which nodes."""
    from_there, to_there = there[network.source], there[network.target]
    leaves = passed & from_there & ~to_there & (direction != "upstream")
    enters = passed & ~from_there & to_there & (direction != "downstream")
    rows = np.flatnonzero(leaves | enters)
    return rows, np.where(leaves[rows], network.target[rows], network.source[rows])


def _within(network: IndexedNetwork, rows: Rows, most_nodes: int) -> Mask:
    """Return which edges are between the first ``most_nodes`` nodes that the edges name."""
    ends = np.column_stack([network.source[rows], network.target[rows]])
    nodes, first = np.unique(ends.ravel(), return_index=True)
    room = nodes[np.argsort(first)[:most_nodes]]
    return np.asarray(np.isin(ends, room).all(axis=1))
