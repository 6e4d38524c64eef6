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
from scdyn_core.plots.network_neighbours import neighbours_figure
from scdyn_core.plots.network_paint import Paint, paint_bar, paint_colours
from scdyn_core.plots.network_ranking import Ranked, ranking_figure
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
    painted = dict.fromkeys(view.graph, palette.model)
    assert_inert(
        network_figure(view.graph, membership, view.places, palette=palette, painted=painted)
    )
    told = view.graph.nodes.values()
    ranking = [Ranked(each["kind"], each["name"], 1.0, None) for each in told]
    assert_inert(ranking_figure(ranking, title="x", palette=palette))
    assert_inert(neighbours_figure(view.edges, view.edges, palette=palette))


def test_the_figure_shows_every_node_and_every_edge(view: NetworkView) -> None:
    figure = network_figure(view.graph, view.communities.membership, view.places)
    lines = [trace for trace in figure.data if trace.mode == "lines" and trace.x[0] is not None]
    assert sum(np.isnan(np.array(trace.x, float)).sum() for trace in lines) == 6
    nodes = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert sum(len(trace.x) for trace in nodes) == 4
    assert {"raises", "lowers", "either way or unknown"} <= {trace.name for trace in figure.data}


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
    assert "gene:G7" not in NetworkView.of(edges, genes=2).graph
    asked = NetworkView.of(edges, genes=2, also="gene:G7")
    assert set(asked.graph) == {"latent:z1", "gene:G0", "gene:G1", "gene:G7"}
    assert nx.is_connected(asked.graph.to_undirected())
    assert len(asked.edges) == 3
    assert asked.nodes()["name"].iloc[0] == "z1"


def test_painted_nodes_have_the_colour_of_their_value_and_others_are_grey(
    view: NetworkView,
) -> None:
    values = {"gene:Actb": -2.0, "latent:z1": 2.0, "latent:z2": float("nan")}
    painted = paint_colours(Paint(values, "change", True), LIGHT)
    assert set(painted) == {"gene:Actb", "latent:z1"}
    assert painted["gene:Actb"] != painted["latent:z1"]
    elements = network_elements(
        view.graph, view.communities.membership, view.places, LIGHT,
        painted=painted, perturbed={"gene:Actb"},
    )  # fmt: skip
    nodes = {each["data"]["id"]: each["data"] for each in elements["nodes"]}
    assert nodes[node_id("latent:z2")]["_colour"] == LIGHT.faint
    assert nodes[node_id("gene:Actb")]["_colour"] == painted["gene:Actb"]
    assert nodes[node_id("gene:Actb")]["label"] == "perturbed gene"


def test_zero_is_in_the_middle_of_signed_colours_and_one_gene_does_not_take_all_of_them() -> None:
    values = {f"g{n}": float(n % 3) for n in range(200)} | {"far": 1000.0}
    low, high = Paint(values, "x", True).range()
    assert low == -high
    assert high < 1000
    assert Paint({}, "x", False).range() == (0.0, 1.0)
    assert len(paint_bar(Paint(values, "x", False), DARK).data) == 1


def test_regulators_and_targets_are_bars_by_their_sign(view: NetworkView) -> None:
    into = view.edges[view.edges["target"] == "z1"]
    figure = neighbours_figure(into, into.iloc[:0])
    assert sorted(figure.data[0].x) == sorted(into["weight"] * into["sign"].replace(0, 1))


def test_edges_between_genes_have_tips_in_the_figure() -> None:
    genes = edge_table([("A", "B", 1.0)], kind="gene", target_kind="gene")
    alone = NetworkView.of(checked_edges(genes))
    figure = network_figure(alone.graph, alone.communities.membership, alone.places)
    assert any(trace.mode == "markers" and trace.x[0] is not None for trace in figure.data)
