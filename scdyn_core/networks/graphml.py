"""GraphML: the network for Cytoscape, Gephi, igraph and networkx."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import networkx as nx

#: Characters that no XML document may hold, also not as a reference (XML 1.0, section 2.2).
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_graphml(graph: nx.DiGraph, membership: Mapping[str, int] | None = None) -> str:
    """Return the graph as GraphML text.

    Nodes have ``name``, ``kind`` and, where given, ``community``; edges ``weight``, ``sign``,
    ``evidence`` and, where known, ``stability``. Node ids are numbers, since names may hold
    anything; characters that XML cannot hold become ``�``.
    """
    plain = nx.DiGraph()
    ids = {node: f"n{number}" for number, node in enumerate(graph)}
    for node, told in graph.nodes(data=True):
        known: dict[str, str | int] = {
            "name": _xml_text(told["name"]),
            "kind": _xml_text(told["kind"]),
        }
        if membership is not None:
            known["community"] = int(membership[node])
        plain.add_node(ids[node], **known)
    for source, target, told in graph.edges(data=True):
        facts = {**told, "evidence": _xml_text(told["evidence"])}
        if math.isnan(told["stability"]):
            del facts["stability"]
        plain.add_edge(ids[source], ids[target], **facts)
    return "\n".join(nx.generate_graphml(plain, named_key_ids=True))


def _xml_text(text: object) -> str:
    return _NOT_XML.sub("�", str(text))
