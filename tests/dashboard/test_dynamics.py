"""Dynamics: what a run learned, and whether to believe it."""

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_run import tables, write_run

VIEWS = {
    "Equations": [], "Vector field": [], "Trajectories": [], "What if": [],
    "Cell maps": ["Latent map", "UMAP"], "Gene programs": [], "Network": [],
    "Quality": ["Scores", "Cell types", "Training"],
}  # fmt: skip
ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)"


def test_without_runs_the_page_leads_to_training(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "dynamics")
    assert "Nothing learned yet" in words(page)
    assert not page.exception


def test_a_run_that_is_not_done_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_run(workspace.runs, status="queued")
    assert "Not done yet" in words(open_page(monkeypatch, workspace, "dynamics"))


@pytest.fixture
def dynamics(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id)
    assert not page.exception
    return page


def test_the_equations_and_the_verdict_come_first(dynamics: AppTest) -> None:
    assert [latex.value.strip("$\n ")[:9] for latex in dynamics.latex] == [
        rf"\dot z_{{{number}}}"[:9] for number in (1, 2, 3)
    ]
    assert "PCA reaches 0.330 and the model 0.280" in words(dynamics)


def test_every_view_of_the_offered_ones_opens(dynamics: AppTest) -> None:
    assert list(dynamics.button_group(key="show").options) == list(VIEWS)
    for group, views in VIEWS.items():
        dynamics.button_group(key="show").set_value(group).run()
        if views:
            assert list(dynamics.button_group(key=f"show/{group}").options) == views
        for view in views or [group]:
            if views:
                dynamics.button_group(key=f"show/{group}").set_value(view).run()
            assert not dynamics.exception, view
            assert not dynamics.error, view
            assert dynamics.get("plotly_chart"), view
            assert dynamics.query_params["show"] in (view, [view])


@pytest.mark.parametrize(("asked", "group"), [("UMAP", "Cell maps"), ("Quality", "Quality")])
def test_a_url_names_a_view_or_its_group(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, asked: str, group: str
) -> None:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show=asked)
    assert page.button_group(key="show").value == group
    views = VIEWS[group]
    shown = page.button_group(key=f"show/{group}").value
    assert shown == (asked if asked in views else views[0])


def test_a_url_that_names_nothing_known_shows_the_equations(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show=ATTACK)
    assert not page.exception
    assert page.button_group(key="show").value == "Equations"


def test_one_latent_has_no_map_but_all_the_rest(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = tables()
    equations = frames["equations"]
    frames["equations"] = equations[
        (equations["equation"] == 1) & ~equations["term"].str.contains("z2|z3")
    ]
    frames["latent"] = frames["latent"].drop(columns=["z2", "z3", "dz2", "dz3", "dzhat2", "dzhat3"])
    frames = {name: frames[name] for name in ("cells", "latent", "equations")}
    run = write_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show="Latent map")
    assert not page.exception
    assert "needs two latents" in words(page)


def test_replicates_are_looked_at_one_by_one(dynamics: AppTest) -> None:
    first = dynamics.latex[2].value
    replicate = next(box for box in dynamics.selectbox if box.label == "Replicate")
    replicate.set_value(1).run()
    assert first != dynamics.latex[2].value
    assert r"\sin" in dynamics.latex[2].value


def test_cells_can_be_coloured_by_a_latent(dynamics: AppTest) -> None:
    dynamics.button_group(key="show").set_value("Cell maps").run()
    dynamics.selectbox(key="dynamics/colour").set_value("z3").run()
    dynamics.selectbox(key="dynamics/x").set_value("z2").run()
    assert not dynamics.exception


def test_a_run_without_cell_types_has_no_classifier(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = tables()
    del frames["classifier"]
    frames["cells"] = frames["cells"].drop(columns=["cell_type", "umap_1", "umap_2"])
    run = write_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id)
    for view in ("Cell maps", "Vector field", "Trajectories", "What if", "Quality"):
        page.button_group(key="show").set_value(view).run()
        assert not page.exception, view
    assert "Cell types" not in page.button_group(key="show/Quality").options
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show="UMAP")
    assert "no UMAP" in words(page)


def test_a_table_from_elsewhere_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = tables()
    frames["equations"]["term"] = ATTACK
    run = write_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show="Vector field")
    assert not page.exception
    assert "the term" in page.error[-1].value
    assert "![x]" not in page.error[-1].value


def test_one_of_several_like_runs_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    older = write_run(workspace.runs, replicates=1)
    write_run(workspace.runs, replicates=2)
    page = open_page(monkeypatch, workspace, "dynamics")
    assert "Replicate" in [box.label for box in page.selectbox]
    page.selectbox(key="equations/run").set_value(older.id).run()
    assert page.query_params["run"] == older.id
    assert "Replicate" not in [box.label for box in page.selectbox]


def test_the_best_replicate_is_shown_first_and_the_url_wins(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, replicates=3)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id)
    replicate = next(box for box in page.selectbox if box.label == "Replicate")
    assert (replicate.value, replicate.options[2]) == (2, "3 (best)")
    assert page.query_params["replicate"] == "3"
    asked = open_page(monkeypatch, workspace, "dynamics", run=run.id, replicate="2")
    assert next(box for box in asked.selectbox if box.label == "Replicate").value == 1
    for nonsense in ("99", "-1", "x", "²"):
        page = open_page(monkeypatch, workspace, "dynamics", run=run.id, replicate=nonsense)
        assert not page.exception


def test_unstable_terms_are_grey_and_agreement_is_held_against_chance(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, replicates=3)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, replicate="2")
    assert r"\textcolor{#8A949D}{+ 0.020\,\sin z_{3}}" in page.latex[2].value
    assert "Terms agree more than chance" in words(page)
    assert "not matched" not in words(page)
    assert "explain 80% of the reference's motion" in words(page)


def test_one_replicate_says_that_its_intervals_are_over_cells(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = tables(replicates=1)
    frames["stability"] = frames["stability"].assign(interval="cells")
    run = write_run(workspace.runs, replicates=1, frames=frames)
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id)
    assert not page.exception
    assert "cells drawn with replacement" in words(page)
    assert "Train several replicates" in words(page)
