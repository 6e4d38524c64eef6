"""Figures of networks beside each other: what is drawn, and that names stay text."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.networks.carriers import carrying_edges
from scdyn_core.networks.comparison import edges_in, overlap_curve
from scdyn_core.networks.effects import DIRECT, effects_of
from scdyn_core.networks.gene_network import gene_networks, paired
from scdyn_core.networks.propagation import propagate
from scdyn_core.networks.stored import edges_between_genes
from scdyn_core.plots.network_catalogue import network_comparison_figures
from scdyn_core.plots.network_comparison import overlap_figure, weights_figure
from scdyn_core.plots.network_comparison_scores import network_score_figure
from scdyn_core.plots.network_curve import precision_recall_figure
from scdyn_core.plots.network_what_if import moved_genes_figure, predicted_measured_figure
from scdyn_core.plots.network_what_if_graph import effect_graph_figure
from scdyn_core.plots.palette import DARK, LIGHT
from tests.dashboard.network_run import network_tables

ATTACK = "<img src=x onerror=alert(1)>$x$"
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def safe(figure) -> bool:
    return "<img" not in figure.to_json()


def test_the_curve_encloses_its_score_and_chance_is_drawn():
    curves = pd.DataFrame(
        {"model": "a", "recall": [0.25, 0.5, 1.0], "precision": [1.0, 0.8, 0.4], "strength": 1.0}
    )
    figure = precision_recall_figure(curves, pairs=100, edges=40, stressed="a")
    chance, own = figure.data
    assert list(chance.y) == [0.4, 0.4]
    assert own.line.shape == "vh"
    area = (np.diff(own.x) * np.asarray(own.y)[1:]).sum()
    assert area == pytest.approx(0.25 * 1 + 0.25 * 0.8 + 0.5 * 0.4)


def test_the_stressed_curve_is_drawn_last_with_its_area():
    curves = pd.DataFrame({"model": ["own", "other"], "recall": 1.0, "precision": 0.5})
    figure = precision_recall_figure(
        curves, pairs=10, edges=5, stressed="own", areas=pd.Series({"own": 0.512, "other": 0.02})
    )
    assert [trace.name for trace in figure.data] == ["chance 0.50", "other 0.02", "<b>own</b> 0.51"]


@PALETTES
def test_names_are_text_in_every_figure(palette):
    tables = network_tables(gene=ATTACK, replicates=1)
    edges = edges_between_genes(tables["network"])
    networks = gene_networks(edges, tables["network_genes"])
    pair = paired(networks["direct effect"], networks["correlation"])
    effects = effects_of(edges, (DIRECT,))
    held = {str(effects.edges["source"].iloc[0]): -1.0}
    found = propagate(effects.edges, held)
    others = [str(gene) for gene in found.change.index if gene not in held]
    carried = carrying_edges(found, held, others)
    told = pd.DataFrame({"gene": found.change.index, "x": 1.0, "y": found.change.to_numpy()})
    figures = [
        overlap_figure(overlap_curve(pair), palette=palette),
        weights_figure(edges_in(pair, 20), (ATTACK, "b"), (ATTACK, ""), palette=palette),
        moved_genes_figure(found.change, held=held, palette=palette),
        predicted_measured_figure(told, held=held, palette=palette),
        effect_graph_figure(carried, found.change, held=held, palette=palette),
        *network_comparison_figures(tables, palette=palette).values(),
    ]
    assert all(safe(figure) for figure in figures)
    assert {figure.layout.template.layout.paper_bgcolor for figure in figures} == {
        palette.background
    }


def test_lollipops_leave_out_what_was_changed_and_what_stays():
    change = pd.Series({"A": -1.0, "B": 0.5, "C": -0.2, "D": 0.0})
    figure = moved_genes_figure(change, held=["A"])
    assert [list(trace.x) for trace in figure.data] == [[0.5], [-0.2]]
    assert list(figure.layout.yaxis.ticktext) == ["<i>B</i>", "<i>C</i>"]


def test_nothing_that_moves_still_is_a_figure():
    nothing = pd.Series({"A": -1.0})
    assert moved_genes_figure(nothing, held=["A"]).data
    empty = pd.DataFrame({"gene": [], "x": [], "y": []}).astype({"x": float, "y": float})
    predicted_measured_figure(empty, held=["A"])
    predicted_measured_figure(empty, held=["A"], same_unit=False)
    carried = pd.DataFrame(columns=["source", "target", "effect", "contribution"])
    effect_graph_figure(carried, nothing, held=["A"])


def test_scores_stand_beside_chance_and_other_models():
    scores = pd.DataFrame(
        {"model": ["this run", "correlation", "random"], "metric": "AUPRC",
         "value": [0.5, 0.3, 0.1], "better": "higher"}
    )  # fmt: skip
    figure = network_score_figure(scores)
    assert list(figure.data[0].x) == [0.5, 0.3]
    assert figure.layout.shapes[0].x0 == 0.1
    assert "higher is better" in figure.layout.xaxis.title.text


def test_a_run_has_its_curve_scores_and_what_ifs_among_its_figures():
    figures = network_comparison_figures(network_tables())
    assert {"network_precision_recall_direct", "network_scores_truth_direct", "what_if_1_genes",
            "what_if_1_measured"} <= figures.keys()  # fmt: skip


def test_a_run_without_a_network_has_none():
    assert network_comparison_figures({}) == {}
    tables = network_tables()
    del tables["reference_network"], tables["network_scores"], tables["responses"]
    assert all(name.startswith("what_if") for name in network_comparison_figures(tables))
