"""GraphML that other programs read, whatever nodes are called."""

import io

import networkx as nx
from hypothesis import example, given
from hypothesis import strategies as st

from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.graph import graph_of
from scdyn_core.networks.graphml import to_graphml
from tests.networks.samples import edge_table, merged

ATTACK = '"/><script>alert(1)</script>\x00\ud800<!ENTITY x SYSTEM "file:///etc/passwd">&x;]]>'


def read(text: str) -> nx.DiGraph:
    return nx.read_graphml(io.BytesIO(text.encode()))


@given(st.text(min_size=1).filter(lambda text: text == text.encode("utf-8", "ignore").decode()))
@example(ATTACK)
@example("Actb")
def test_names_come_back_as_they_were_but_for_what_xml_cannot_hold(name: str) -> None:
    network = graph_of(merged(checked_edges(edge_table([(name, "b", 0.25)]))))
    text = to_graphml(network, dict.fromkeys(network, 7))
    assert "<script" not in text
    assert "<!" not in text
    back = read(text)
    held = nx.get_node_attributes(back, "name")["n0"]
    # XML readers turn the ends of lines into one kind.
    if name.isprintable():
        assert held == name
    assert "\x00" not in held
    assert nx.get_node_attributes(back, "community")["n0"] == 7


def test_edges_keep_weight_sign_and_evidence() -> None:
    edges = edge_table([("a", "b", 0.25), ("b", "a", 1.0)])
    edges["stability"] = [float("nan"), 0.5]
    back = read(to_graphml(graph_of(merged(checked_edges(edges)))))
    assert back.is_directed()
    numbers = {name: node for node, name in nx.get_node_attributes(back, "name").items()}
    first = back.edges[numbers["a"], numbers["b"]]
    assert (first["weight"], first["sign"], first["evidence"]) == (0.25, 1, "equation")
    assert "stability" not in first
    assert back.edges[numbers["b"], numbers["a"]]["stability"] == 0.5
