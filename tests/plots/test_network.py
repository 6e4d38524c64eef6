"""Networks drawn: names are text, and what is drawn is what the table says."""

import json

import networkx as nx
import numpy as np
import pytest

from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.view import NetworkView
from scdyn_core.plots.network import network_figure
from scdyn_core.plots.network_elements import edge_styles, network_elements, node_id, node_styles
from scdyn_core.plots.network_look import opacity
from scdyn_core.plots.network_ranking import ranking_figure
from scdyn_core.plots.palette import DARK, LIGHT
from tests.networks.samples import edge_table
from tests.plots.test_escaping import ATTACK, assert_inert


@pytest.fixture
def view() -> NetworkView:
    latents = edge_table([("z1", "z2", 1.0), ("z2", "z1", 0.4), ("z1", "z1", 0.3)])
    genes = edge_table([("z1", ATTACK, 0.9), ("z2", ATTACK, 0.5), ("z2", "Actb", 0.2)],
                       target_kind="gene")  # fmt: skip
    frame = latents.assign(sign=[1, -1, 0], stability=[1.0, 0.2, np.nan])
    edges = checked_edges(frame._append(genes.assign(evidence="SHAP"), ignore_index=True))
    return NetworkView.of(edges)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_no_name_is_interpreted(view: NetworkView, palette) -> None:
    membership = view.communities.membership
    assert_inert(network_figure(view.graph, membership, view.places, palette=palette))
    ranking = [(node, 1.0) for node in view.graph]
    assert_inert(ranking_figure(view.graph, ranking, membership, title="x", palette=palette))


def test_the_figure_shows_every_node_and_every_edge(view: NetworkView) -> None:
    figure = network_figure(view.graph, view.communities.membership, view.places)
    lines = [trace for trace in figure.data if trace.mode == "lines" and trace.x[0] is not None]
    assert sum(np.isnan(np.array(trace.x, float)).sum() for trace in lines) == 6
    nodes = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert sum(len(trace.x) for trace in nodes) == 4
    assert {"raises", "lowers", "depends on the cell"} <= {trace.name for trace in figure.data}


def test_a_network_of_one_node_is_drawn() -> None:
    alone = NetworkView.of(checked_edges(edge_table([("z1", "z1", 1.0)])))
    figure = network_figure(alone.graph, alone.communities.membership, alone.places)
    assert np.isfinite([value for trace in figure.data if trace.mode == "markers+text"
                        for value in (*trace.x, *trace.y)]).all()  # fmt: skip


def test_the_widget_gets_ids_that_are_no_names_and_names_that_are_no_markup(
    view: NetworkView,
) -> None:
    elements = network_elements(
        view.graph, view.communities.membership, view.places, LIGHT,
        focus="latent:z1", shown={"latent:z1", "latent:z2"},
    )  # fmt: skip
    text = json.dumps(elements, ensure_ascii=False)
    assert "<a" not in text
    assert "<img" not in text
    nodes = {each["data"]["id"]: each["data"] for each in elements["nodes"]}
    assert set(nodes) == {node_id(node) for node in view.graph}
    assert nodes[node_id("latent:z1")]["_border"] == LIGHT.ink
    assert nodes[node_id("gene:Actb")]["_opacity"] < 0.2
    assert nodes[node_id("latent:z2")]["_opacity"] == 1.0
    labels = {each["data"]["label"] for group in elements.values() for each in group}
    assert labels <= {*node_styles(LIGHT), *edge_styles()}
    for edge in elements["edges"]:
        assert {edge["data"]["source"], edge["data"]["target"]} <= set(nodes)


def test_a_joiner_is_all_that_is_added_to_a_name(view: NetworkView) -> None:
    elements = network_elements(view.graph, view.communities.membership, view.places, LIGHT)
    names = {each["data"]["_name"].replace("\u2060", "") for each in elements["nodes"]}
    assert ATTACK[:59] + "…" in names
    assert "Actb" in names


def test_stable_edges_are_more_opaque_and_unknown_ones_are_not_faint() -> None:
    assert opacity(0.0) < opacity(0.5) < opacity(1.0) == 1.0
    assert opacity(float("nan")) > 0.7


def test_edges_come_with_a_node_that_was_asked_for() -> None:
    rows = [("z1", f"G{i}", 1.0 - i / 10) for i in range(8)]
    edges = checked_edges(edge_table(rows, target_kind="gene"))
    assert "gene:G7" not in NetworkView.of(edges, most=2).graph
    asked = NetworkView.of(edges, most=2, also="gene:G7")
    assert set(asked.graph) == {"latent:z1", "gene:G0", "gene:G1", "gene:G7"}
    assert nx.is_connected(asked.graph.to_undirected())
    assert len(asked.details) == len(asked.edges) == 3
    assert asked.nodes()["name"].iloc[0] == "z1"
