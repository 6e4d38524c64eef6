"""Ranks of all nodes of a large network, against what they must be."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.graph import graph_of
from scdyn_core.networks.indexed import IndexedNetwork
from scdyn_core.networks.ranks import COLUMNS, ranked_nodes, regulator_pagerank
from tests.networks.samples import edge_table

some_edges = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg"), st.floats(0.01, 1)),
    min_size=1,
    max_size=25,
)


def indexed(rows: list[tuple[str, str, float]]) -> IndexedNetwork:
    return IndexedNetwork.of(checked_edges(edge_table(rows)))


@settings(deadline=None)
@given(some_edges)
def test_pagerank_is_that_of_the_network_turned_round(rows) -> None:
    found = indexed(rows)
    graph = graph_of(found.frame()).reverse()
    expected = nx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=2000)
    share = dict(zip(found.keys, regulator_pagerank(found), strict=True))
    assert share == pytest.approx(expected, abs=1e-7)
    assert sum(share.values()) == pytest.approx(1)


def test_what_acts_on_much_that_acts_on_much_is_first() -> None:
    rows = [("top", "mid", 1.0)] + [("mid", f"g{n}", 1.0) for n in range(5)]
    table = ranked_nodes(indexed(rows)).set_index("name")
    assert list(table.columns) == [name for name in COLUMNS if name != "name"]
    assert table["rank"].nsmallest(2).index.tolist() == ["top", "mid"]
    assert table.loc["mid", ["targets", "sources"]].tolist() == [5, 1]
    assert table.loc["mid", "strength_out"] == pytest.approx(5)


def test_an_empty_network_has_no_ranks() -> None:
    assert len(ranked_nodes(indexed([("a", "b", 1.0)])).index) == 2
    empty = IndexedNetwork.of(checked_edges(edge_table([("a", "b", 1.0)])).iloc[:0])
    assert ranked_nodes(empty).empty
    assert np.array_equal(regulator_pagerank(empty), np.zeros(0))
