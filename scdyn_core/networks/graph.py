"""A table of edges as a graph: neighbourhoods and hubs."""

from __future__ import annotations

from typing import Any, Literal, cast

import networkx as nx
import pandas as pd

from scdyn_core.networks.edges import node_key

#: Along the edges, against them, or without minding their direction.
Direction = Literal["downstream", "upstream", "both"]


def graph_of(edges: pd.DataFrame) -> nx.DiGraph:
    """Return edges, one a pair, as a graph; nodes are keys with ``kind`` and ``name``."""
    graph = nx.DiGraph()
    for edge in edges.to_dict("records"):
        ends = []
        for end in ("source", "target"):
            kind, name = str(edge[f"{end}_kind"]), str(edge[end])
            ends.append(node_key(kind, name))
            graph.add_node(ends[-1], kind=kind, name=name)
        graph.add_edge(
            *ends,
            weight=float(edge["weight"]),
            sign=int(edge["sign"]),
            stability=float(edge["stability"]),
            evidence=str(edge["evidence"]),
        )
    return graph


def directed(graph: nx.DiGraph, direction: Direction) -> nx.DiGraph | nx.Graph:
    """Return the graph as it is, turned round, or symmetrised (weights of both ways added)."""
    if direction == "downstream":
        return graph
    if direction == "upstream":
        return graph.reverse(copy=False)
    symmetric = nx.Graph()
    symmetric.add_nodes_from(graph.nodes)
    for source, target, weight in graph.edges(data="weight"):
        before = symmetric.get_edge_data(source, target, {"weight": 0.0})["weight"]
        symmetric.add_edge(source, target, weight=before + weight)
    return symmetric


def neighbourhood(
    graph: nx.DiGraph, node: str, hops: int, direction: Direction = "both"
) -> dict[str, int]:
    """Return every node within ``hops`` steps of ``node`` and how many steps it takes."""
    steps = nx.single_source_shortest_path_length(directed(graph, direction), node, cutoff=hops)
    return cast(dict[str, int], dict(steps))


def hubs(graph: nx.DiGraph) -> pd.DataFrame:
    """Return one row a node, the strongest first: how many edges, and how strong together."""
    found: dict[str, dict[str, Any]] = {
        "node": {node: node for node in graph},
        "kind": dict(graph.nodes(data="kind")),
        "name": dict(graph.nodes(data="name")),
        "targets": dict(graph.out_degree()),
        "sources": dict(graph.in_degree()),
        "strength_out": dict(graph.out_degree(weight="weight")),
        "strength_in": dict(graph.in_degree(weight="weight")),
    }
    frame = pd.DataFrame(found).astype({"strength_out": float, "strength_in": float})
    total = frame["strength_out"] + frame["strength_in"]
    order = frame.assign(total=total).sort_values(["total", "node"], ascending=[False, True]).index
    return frame.loc[order].reset_index(drop=True)
