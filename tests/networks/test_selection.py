"""Which edges of a large network are drawn: the strongest, and what is round a node."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.graph import graph_of, neighbourhood
from scdyn_core.networks.indexed import IndexedNetwork
from scdyn_core.networks.look import Look, chosen_edges
from scdyn_core.networks.search import naming
from scdyn_core.networks.selection import passing, strongest_in_total, surroundings
from scdyn_core.networks.view import NetworkView
from tests.networks.samples import edge_table

weights = st.floats(0.01, 1, allow_subnormal=False)
some_edges = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), weights),
    min_size=1,
    max_size=40,
    unique_by=lambda edge: edge[:2],
)
ways = st.sampled_from(["downstream", "upstream", "both"])


def network(rows: list[tuple[str, str, float]], **columns: object) -> IndexedNetwork:
    frame = edge_table(rows, kind="gene", target_kind="gene").assign(**columns)
    return IndexedNetwork.of(checked_edges(frame))


def everything(found: IndexedNetwork) -> np.ndarray:
    return np.ones(len(found), dtype=bool)


@given(some_edges)
def test_an_indexed_network_is_the_table_the_strongest_first(rows) -> None:
    frame = network(rows).frame()
    assert frame["weight"].is_monotonic_decreasing
    pairs = zip(frame["source"], frame["target"], frame["weight"], strict=True)
    assert sorted(pairs) == sorted(rows)


@given(some_edges, st.integers(1, 12), st.integers(2, 8))
def test_the_strongest_edges_stay_between_few_nodes(rows, edges, nodes) -> None:
    found = network(rows)
    kept = strongest_in_total(found, everything(found), most_edges=edges, most_nodes=nodes)
    frame = found.frame(kept)
    assert len(frame) <= edges
    assert len(set(frame["source"]) | set(frame["target"])) <= nodes
    if edges < nodes:  # an edge brings two nodes at most
        assert kept[0] == 0
    if nodes == 8:
        assert kept.tolist() == list(range(min(edges, len(rows))))


@given(some_edges, st.integers(1, 3), ways)
def test_surroundings_with_room_are_the_neighbourhood_of_the_whole_network(
    rows, hops, direction
) -> None:
    found = network(rows)
    node = found.keys[0]
    kept = surroundings(
        found, everything(found), 0, hops=hops, direction=direction, most_edges=1000,
        most_nodes=1000,
    )  # fmt: skip
    near = set(neighbourhood(graph_of(found.frame()), node, hops, direction))
    ends = zip(found.source, found.target, strict=True)
    inside = {
        row for row, pair in enumerate(ends) if {found.keys[number] for number in pair} <= near
    }
    assert set(kept.tolist()) == inside


@given(some_edges, st.integers(1, 3), ways, st.integers(1, 6), st.integers(2, 5))
def test_surroundings_without_room_hang_together(rows, hops, direction, edges, nodes) -> None:
    found = network(rows)
    kept = surroundings(
        found, everything(found), 0, hops=hops, direction=direction, most_edges=edges,
        most_nodes=nodes,
    )  # fmt: skip
    assert len(kept) <= edges
    graph = graph_of(found.frame(kept))
    assert len(graph) <= nodes
    if len(graph):
        assert found.keys[0] in graph
        assert nx.is_weakly_connected(graph)


def test_each_step_brings_in_the_strongest_first() -> None:
    found = network([("a", "b", 0.2), ("a", "c", 0.9), ("c", "d", 1.0), ("b", "e", 0.8)])
    kept = surroundings(
        found, everything(found), found.numbers["gene:a"], hops=2, direction="downstream",
        most_edges=10, most_nodes=4,
    )  # fmt: skip
    assert set(found.frame(kept)["target"]) == {"b", "c", "d"}


def test_edges_pass_by_weight_stability_and_sign() -> None:
    found = network(
        [("a", "b", 1.0), ("b", "c", 0.5), ("c", "d", 0.4)],
        sign=[1, -1, 1], stability=[1.0, 0.5, np.nan],
    )  # fmt: skip
    assert passing(found).tolist() == [True, True, True]
    assert passing(found, minimum=0.5).tolist() == [True, True, False]
    assert passing(found, stability=0.6).tolist() == [True, False, False]
    assert passing(found, sign="lowers").tolist() == [False, True, False]
    assert passing(found, sign="raises").tolist() == [True, False, True]


def test_at_most_300_nodes_are_drawn_of_a_network_of_any_size() -> None:
    rng = np.random.default_rng(0)
    rows = [(f"s{n % 40}", f"t{n}", float(w)) for n, w in enumerate(rng.uniform(0.1, 1, 3000))]
    found = network(rows)
    assert len(NetworkView.at(found, Look(edges=2000)).graph) <= 300
    assert len(NetworkView.at(found, Look(around="gene:s0", hops=3, edges=2000)).graph) <= 300


def test_latents_have_their_place_before_genes() -> None:
    latents = edge_table([("z1", "z2", 0.01)])
    genes = edge_table([("z1", f"G{n}", 1.0 - n / 1000) for n in range(400)], target_kind="gene")
    found = IndexedNetwork.of(checked_edges(latents._append(genes, ignore_index=True)))
    frame = found.frame(chosen_edges(found, Look(genes=400, nodes=50)))
    assert len(set(frame["source"]) | set(frame["target"])) == 50
    assert "z2" in set(frame["target"])


def test_a_node_that_is_asked_for_comes_with_its_strongest_edges() -> None:
    rows = [("a", f"t{n}", 1.0 - n / 100) for n in range(80)]
    found = network(rows)
    shown = set(found.frame(chosen_edges(found, Look(edges=5, also="gene:t70")))["target"])
    assert shown == {"t0", "t1", "t2", "t3", "t4", "t70"}


@pytest.mark.parametrize("categories", [False, True])
def test_a_search_finds_every_word_in_either_name_whatever_its_case(categories: bool) -> None:
    edges = checked_edges(edge_table([("STAT1", "IRF1", 1), ("IRF1", "STAT12", 1), ("a", "b", 1)]))
    if categories:
        edges = edges.astype({"source": "category", "target": "category"})
    assert naming(edges, "stat").tolist() == [True, True, False]
    assert naming(edges, "irf1 stat12").tolist() == [False, True, False]
    assert naming(edges, '"stat1"').tolist() == [True, False, False]
    assert naming(edges, "stat", ("target",)).tolist() == [False, True, False]
    assert not naming(edges, ".*").any()
    assert naming(edges, "").all()
