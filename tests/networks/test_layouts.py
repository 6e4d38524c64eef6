"""Layouts a reader can choose: everything has a place, and the place means something."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest

from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.graph import graph_of
from scdyn_core.networks.layout import HEIGHT
from scdyn_core.networks.layouts import NAMES, places_of
from scdyn_core.networks.sif import to_sif
from tests.networks.samples import edge_table, merged, planted


def graph(rows: list[tuple[str, str, float]]) -> nx.DiGraph:
    return graph_of(merged(checked_edges(edge_table(rows, kind="gene", target_kind="gene"))))


@pytest.mark.parametrize("layout", NAMES)
def test_every_node_has_a_place_of_its_own_inside_the_drawing(layout) -> None:
    network = graph_of(merged(checked_edges(planted(3, 20, 0, inside=0.3, outside=0.02))))
    member = {node: 1 + number % 3 for number, node in enumerate(sorted(network))}
    places = places_of(network, layout, member)
    assert places == places_of(network, layout, member)
    assert set(places) == set(network)
    points = np.array(list(places.values()))
    assert (np.abs(points) <= [1 + 1e-9, HEIGHT + 1e-9]).all()
    apart = [math.dist(a, b) for a, b in itertools.combinations(places.values(), 2)]
    assert min(apart) > 1e-3


@pytest.mark.parametrize("layout", NAMES)
def test_smallest_networks_are_placed(layout) -> None:
    alone = graph([("a", "a", 1.0)])
    assert set(places_of(alone, layout, {"gene:a": 1})) == {"gene:a"}
    pair = graph([("a", "b", 1.0)])
    places = places_of(pair, layout, {"gene:a": 1, "gene:b": 1})
    assert np.isfinite(list(places.values())).all()


def test_rings_are_steps_from_the_node_in_the_middle() -> None:
    network = graph([("m", "a", 1.0), ("b", "m", 0.5), ("a", "c", 1.0), ("x", "y", 1.0)])
    places = places_of(network, "rings", dict.fromkeys(network, 1), "gene:m")
    far = {node[5:]: math.hypot(x, y / HEIGHT) for node, (x, y) in places.items()}
    assert far["m"] == 0
    assert far["a"] == pytest.approx(far["b"])
    assert far["m"] < far["a"] < far["c"] < far["x"]


def test_layers_put_sources_left_of_their_targets_also_with_cycles() -> None:
    network = graph([("a", "b", 1.0), ("b", "c", 1.0), ("c", "b", 1.0), ("c", "d", 1.0)])
    x = {node[5:]: place[0] for node, place in places_of(network, "layers", {}).items()}
    assert x["a"] < x["b"] == x["c"] < x["d"]


def test_communities_are_side_by_side_on_the_circle() -> None:
    network = graph([(f"n{i}", f"n{(i + 1) % 12}", 1.0) for i in range(12)])
    member = {node: 1 + number % 2 for number, node in enumerate(sorted(network))}
    places = places_of(network, "circle", member)
    round_it = sorted(places, key=lambda n: math.atan2(places[n][1] / HEIGHT, places[n][0]))
    changes = sum(
        member[a] != member[b] for a, b in zip(round_it, round_it[1:] + round_it[:1], strict=True)
    )
    assert changes == 2


def test_sif_has_one_line_an_edge_whatever_is_in_a_name() -> None:
    frame = edge_table([("a\tb", "c\nd", 1.0), ("x", "y", 0.5)]).assign(sign=[-1, 0])
    text = to_sif(graph_of(merged(checked_edges(frame))))
    assert text == "a b\tlowers\tc d\nx\tacts_on\ty\n"
