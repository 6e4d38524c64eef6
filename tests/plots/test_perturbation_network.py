"""Figures of a run that predicts through a network: its edges, and what it invents."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.palette import DARK, LIGHT
from scdyn_core.plots.perturbation_catalogue import perturbation_figures
from scdyn_core.plots.perturbation_edges import outgoing_edges, outgoing_edges_figure
from scdyn_core.plots.perturbation_nulls import null_prediction_figure, unseen
from tests.plots.synthetic_screen.network import network_screen_tables
from tests.plots.test_escaping import ATTACK, assert_inert

SMALL = {"singles": 7, "combinations": 2, "latents": 4, "genes": 24}


def some_edges():
    rows = [("direct effect", "A", "B", 1.5, "u", 1.0), ("direct effect", "A", "C", -2.0, "u", 0.5),
            ("total effect", "A", "D", 9.0, "u", 1.0)]  # fmt: skip
    names = ["evidence", "source", "target", "value", "unit", "stability"]
    return pd.DataFrame(rows, columns=names).assign(signed=True)


def test_direct_effects_are_shown_the_strongest_first():
    edges = outgoing_edges(some_edges())
    assert edges["target"].tolist() == ["C", "B"]
    assert edges["value"].tolist() == [-2.0, 1.5]
    assert edges["stability"].tolist() == [0.5, 1.0]


def test_alignment_stands_in_where_there_are_no_direct_effects():
    assert outgoing_edges(some_edges().query("evidence == 'total effect'")).empty
    published = some_edges().assign(evidence="alignment", signed=False)
    edges = outgoing_edges(published)
    assert set(edges["evidence"]) == {"alignment"}
    assert {trace.name for trace in outgoing_edges_figure(edges).data if trace.name} == {"acts on"}


def test_what_is_not_in_all_replicates_is_a_ring():
    figure = outgoing_edges_figure(outgoing_edges(some_edges()))
    marks = {trace.name: trace.marker.symbol for trace in figure.data if trace.mode == "markers"}
    assert marks == {"raises": ("circle",), "lowers": ("circle-open",)}


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_figure_of_such_a_run_is_drawn_and_inert(palette):
    tables = network_screen_tables(**SMALL, prefix=ATTACK)
    tables["perturbations"].loc[3:4, "visible"] = False
    figures = perturbation_figures(tables, palette=palette)
    assert {"perturbation_edges_1", "false_positives_seen", "perturbation_map", "volcano_1",
            "perturbation_tree_response_correlation"} <= figures.keys()  # fmt: skip
    assert not any("latent" in name or "target_matrix" in name for name in figures)
    for figure in figures.values():
        assert_inert(figure)


def test_the_mean_error_of_every_model_is_drawn_at_its_row():
    rows = [("quiet", "a", 1.0), ("this run", "a", 2.0), ("quiet", "b", 1.0), ("this run", "b", 4)]
    errors = pd.DataFrame(rows, columns=["model", "perturbation", "error"])
    figure = null_prediction_figure(errors)
    assert list(figure.data[1].x) == [1.0, 3.0]
    assert list(figure.data[1].y) == [0, 1]


def test_the_null_control_is_unseen_and_the_control_is_not_asked():
    told = network_screen_tables(**SMALL)["perturbations"]
    told["visible"] = np.arange(len(told)) > 3
    assert told.loc[unseen(told), "kind"].tolist() == ["null control", "single", "single"]
