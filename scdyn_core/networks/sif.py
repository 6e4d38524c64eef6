"""SIF: the network as lines of source, relation and target, for Cytoscape and others."""

from __future__ import annotations

import networkx as nx

RELATIONS = {1: "raises", -1: "lowers", 0: "acts_on"}


def to_sif(graph: nx.DiGraph) -> str:
    """Return the graph as SIF text; tabs and breaks in names become blanks."""
    lines = [
        f"{_one_line(graph.nodes[source]['name'])}\t{RELATIONS[told['sign']]}\t"
        f"{_one_line(graph.nodes[target]['name'])}\n"
        for source, target, told in graph.edges(data=True)
    ]
    return "".join(lines)


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
