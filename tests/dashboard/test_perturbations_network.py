"""Perturbations, of runs that have a network and no latents: what there is, and no more."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.workspace import Workspace
from tests.dashboard.network_screen_run import write_network_screen_run
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_screen.network import network_screen_tables

VIEWS = {
    "Perturbation": [], "Map": ["Map", "Tree"], "Cells": [], "Ranking": ["Ranking", "Screen"],
    "Prediction": [], "Quality": ["Scores", "Training"],
}  # fmt: skip
ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)$x$"


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    run = write_network_screen_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id)
    assert not page.exception
    return page


def test_every_view_opens_and_none_speaks_of_latents(screen: AppTest) -> None:
    assert list(screen.button_group(key="perturbations/show").options) == list(VIEWS)
    for group, views in VIEWS.items():
        screen.button_group(key="perturbations/show").set_value(group).run()
        for view in views or [group]:
            if views:
                screen.button_group(key=f"perturbations/show/{group}").set_value(view).run()
            assert not screen.exception, view
            assert not screen.error, view
            assert screen.get("plotly_chart") or view == "Scores", view
            assert "latent" not in words(screen).lower(), view


def test_the_verdict_is_of_effects_and_predictions(screen: AppTest) -> None:
    said = words(screen)
    assert "18 perturbations have a visible effect" in said
    assert "test cells of perturbations it trained on" in said


def test_the_strongest_perturbation_comes_first_with_its_edges(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = network_screen_tables()
    told = frames["perturbations"]
    strongest = told.loc[told["e_distance"].idxmax(), "perturbation"]
    run = write_network_screen_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id)
    assert page.selectbox(key="perturbations/perturbation").value == strongest
    page.selectbox(key="perturbations/perturbation").set_value("G01").run()
    network = frames["network"].query("evidence == 'direct effect' and source == 'G01'")
    assert f"Direct effect on {network['target'].nunique()} genes" in words(page)
    assert len(page.metric) == 4
    near = [one for one in page.button if str(one.key).startswith("perturbations/near/")]
    assert len(near) == 12
    page.button(key="perturbations/network").click().run()
    assert page.title[0].value == "Gene networks"
    assert page.query_params["run"] in (run.id, [run.id])


def test_a_target_without_edges_says_so(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = network_screen_tables()
    frames["network"] = frames["network"].query("source != 'G01'")
    run = write_network_screen_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id, perturbation="G01")
    assert not page.exception
    assert "The network has no edge from G01" in words(page)


def test_what_is_invented_where_nothing_was_seen_stands_by_itself(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = network_screen_tables()
    told = frames["perturbations"]
    told.loc[told["perturbation"].isin(["G10", "G11"]), "visible"] = False
    run = write_network_screen_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show="Prediction")
    assert not page.exception
    # The null control is one of them.
    assert "For 3 perturbations without a visible effect, this run" in words(page)
    assert "times that of predicting no change" in words(page)


def test_a_run_without_a_map_a_network_or_a_null_control_opens(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = network_screen_tables()
    frames["cells"] = frames["cells"].drop(columns=["umap_1", "umap_2"])
    told = frames["perturbations"]
    frames["perturbations"] = told[told["kind"] != "null control"].assign(e_distance=np.nan)
    for name in ("network", "network_genes", "similarity", "similarity_map", "calibration"):
        del frames[name]
    run = write_network_screen_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id)
    assert not page.exception
    assert page.multiselect(key="perturbations/marked").options[:2] == ["G00", "G01"]
    views = page.button_group(key="perturbations/show").options
    assert "Cells" not in views
    assert "Map" not in views
    for view in views:
        page.button_group(key="perturbations/show").set_value(view).run()
        assert not page.exception, view


def test_hostile_names_are_text(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    frames = network_screen_tables(prefix=ATTACK)
    run = write_network_screen_run(workspace.runs, frames=frames)
    for group, views in VIEWS.items():
        for view in views or [group]:
            page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show=view)
            assert not page.exception, view
            assert "![x]" not in words(page), view
            assert not any("![x]" in str(button.label) for button in page.button), view
