"""PageRank, communities, neighbourhoods and hubs, against what they must be."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from scdyn_core.networks.communities import leiden
from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.graph import directed, graph_of, hubs, neighbourhood
from scdyn_core.networks.layout import positions
from scdyn_core.networks.pagerank import personalised_pagerank
from tests.networks.samples import edge_table, merged, planted


def graph(rows: list[tuple[str, str, float]]) -> nx.DiGraph:
    return graph_of(merged(checked_edges(edge_table(rows))))


def walk(matrix: np.ndarray, home: int, damping: float) -> np.ndarray:
    """PageRank by its definition: solve for the walk's stationary distribution."""
    n = len(matrix)
    start = np.eye(n)[home]
    totals = matrix.sum(axis=1, keepdims=True)
    steps = np.where(totals > 0, matrix / np.where(totals > 0, totals, 1), start)
    share = start.copy()
    for _ in range(3000):
        share = damping * share @ steps + (1 - damping) * start
    return share


some_edges = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg"), st.floats(0.01, 1)),
    min_size=1,
    max_size=25,
)


@settings(deadline=None)
@given(some_edges, st.floats(0.1, 0.95), st.sampled_from(["downstream", "upstream", "both"]))
def test_pagerank_is_the_walk_that_keeps_coming_back(rows, damping, direction) -> None:
    network = graph(rows)
    nodes = list(network)
    matrix = nx.to_numpy_array(network, nodelist=nodes, weight="weight")
    loops = np.diag(np.diag(matrix))
    asked = {"downstream": matrix, "upstream": matrix.T, "both": matrix + matrix.T - loops}
    found = personalised_pagerank(network, nodes[:1], direction=direction, damping=damping)
    expected = walk(asked[direction], 0, damping)
    np.testing.assert_allclose(found[nodes], expected, atol=1e-7)
    assert found.is_monotonic_decreasing
    assert found.sum() == pytest.approx(1)


def test_pagerank_from_a_gene_finds_what_drives_it_only_upstream() -> None:
    network = graph([("z1", "z2", 1.0), ("z2", "gene", 1.0), ("z3", "other", 1.0)])
    upstream = personalised_pagerank(network, ["latent:gene"], direction="upstream")
    assert list(upstream[upstream > 0].index[1:]) == ["latent:z2", "latent:z1"]
    downstream = personalised_pagerank(network, ["latent:gene"], direction="downstream")
    assert downstream["latent:gene"] == pytest.approx(1)
    assert (downstream.drop("latent:gene") == 0).all()
    with pytest.raises(ValueError, match="nodes of the graph"):
        personalised_pagerank(network, ["latent:absent"])


@pytest.mark.parametrize("seed", range(3))
def test_leiden_finds_planted_groups(seed: int) -> None:
    network = graph_of(merged(checked_edges(planted(4, 15, seed, inside=0.6, outside=0.03))))
    found = leiden(network, seed=seed)
    truth = [int(node.removeprefix("latent:n")) // 15 for node in found.membership]
    assert adjusted_rand_score(truth, list(found.membership.values())) > 0.95
    assert found.agreement > 0.9
    assert min(found.stability.values()) > 0.5
    sets = [{n for n, c in found.membership.items() if c == number} for number in (1, 2, 3, 4)]
    assert found.modularity == pytest.approx(
        nx.community.modularity(directed(network, "both"), sets, weight="weight")
    )


def test_leiden_is_the_same_for_the_same_seed_and_whatever_the_order_of_the_edges() -> None:
    edges = merged(checked_edges(planted(3, 12, 5, inside=0.3, outside=0.15)))
    once, again = (leiden(graph_of(each), seed=3) for each in (edges, edges[::-1]))
    assert once.membership == again.membership
    assert once.stability == again.stability


def test_a_random_graph_has_no_stable_communities() -> None:
    network = graph_of(merged(checked_edges(planted(4, 15, 0, inside=0.15, outside=0.15))))
    assert leiden(network).agreement < 0.7


def test_a_finer_resolution_gives_more_communities() -> None:
    network = graph_of(merged(checked_edges(planted(4, 15, 1, inside=0.6, outside=0.1))))
    numbers = [max(leiden(network, resolution=r).membership.values()) for r in (0.2, 1.0, 4.0)]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[-1]


def test_networks_without_edges_that_count_have_communities_of_one() -> None:
    assert leiden(nx.DiGraph()).membership == {}
    alone = leiden(graph([("a", "b", 0.0), ("c", "c", 1.0)]))
    assert sorted(alone.membership.values()) == [1, 2, 3]


def test_a_neighbourhood_grows_with_the_hops_and_minds_the_direction() -> None:
    network = graph([("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0)])
    assert neighbourhood(network, "latent:b", 1) == {
        "latent:b": 0,
        "latent:a": 1,
        "latent:c": 1,
    }
    assert set(neighbourhood(network, "latent:b", 2, "downstream")) == {
        "latent:b", "latent:c", "latent:d",
    }  # fmt: skip
    assert set(neighbourhood(network, "latent:b", 2, "upstream")) == {"latent:b", "latent:a"}


@given(some_edges)
def test_strengths_of_hubs_add_up_to_all_weights(rows: list[tuple[str, str, float]]) -> None:
    network = graph(rows)
    table = hubs(network)
    assert table["strength_out"].sum() == pytest.approx(network.size(weight="weight"))
    assert table["strength_in"].sum() == pytest.approx(network.size(weight="weight"))
    assert table["targets"].sum() == network.number_of_edges()
    assert (table["strength_out"] + table["strength_in"]).is_monotonic_decreasing


def test_the_same_network_always_looks_the_same() -> None:
    edges = merged(checked_edges(planted(3, 8, 2, inside=0.5, outside=0.05)))
    once, again = (positions(graph_of(each)) for each in (edges, edges[::-1]))
    assert once == again
    places = pd.DataFrame(once).T
    assert places.abs().max().max() <= 1.0 + 1e-6
    assert positions(nx.DiGraph()) == {}
