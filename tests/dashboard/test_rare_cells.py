"""Rare cells: the page leads somewhere, opens every view, and shows names letter by letter."""

import re

import pytest

from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.dashboard.rare_page import shown
from tests.dashboard.rare_run import write_experiment, write_held_out_run, write_weighted_run
from tests.dashboard.treated_cells import add_treated
from tests.plots.synthetic_rare import experiment_frames, sampling_frames

VIEWS = {
    "Weights": ["Map", "Types", "Epochs", "Never drawn"],
    "Does resampling help?": ["Answer", "Each type", "What was drawn", "New experiment"],
    "Unseen response": ["Predictors", "Genes", "New: hold out types"],
}
ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)$x$"
#: What a browser would interpret: without a backslash before it.
MARKUP = re.compile(r"(?<!\\)(<img|!\[x|\$x)")


def test_without_runs_the_page_leads_to_training_and_to_experiments(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "rare_cells")
    assert not page.exception
    assert "Nothing drawn yet" in words(page)
    page.button_group(key="rare/show").set_value("Does resampling help?").run()
    assert not page.exception
    assert shown(page) == "New experiment"
    assert page.button(key="rare/add_data")


def test_every_view_opens_and_is_in_the_url(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    write_weighted_run(workspace.runs)
    write_experiment(workspace.runs)
    write_experiment(workspace.runs, question="unseen response")
    page = open_page(monkeypatch, workspace, "rare_cells")
    for group, views in VIEWS.items():
        page.button_group(key="rare/show").set_value(group).run()
        assert list(page.button_group(key=f"rare/show/{group}").options) == views
        for view in views:
            page.button_group(key=f"rare/show/{group}").set_value(view).run()
            assert not page.exception, view
            assert not page.error, view
            assert shown(page) == view
            assert page.get("plotly_chart") or view.startswith("New"), view


def test_a_link_to_a_run_opens_the_question_it_answers(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    runs = {
        "Answer": write_experiment(workspace.runs),
        "Predictors": write_held_out_run(workspace.runs),
        "Map": write_weighted_run(workspace.runs),
    }
    for view, run in runs.items():
        page = open_page(monkeypatch, workspace, "rare_cells", run=run.id)
        assert shown(page) == view
        assert page.query_params["run"] in (run.id, [run.id])


def test_hostile_names_are_shown_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace, prefix=ATTACK, name=ATTACK)
    write_weighted_run(workspace.runs, frames=sampling_frames(prefix=ATTACK))
    write_experiment(workspace.runs, frames=experiment_frames(prefix=ATTACK))
    write_held_out_run(workspace.runs, gene=ATTACK, held_out=ATTACK)
    page = open_page(monkeypatch, workspace, "rare_cells")
    for group, views in VIEWS.items():
        page.button_group(key="rare/show").set_value(group).run()
        for view in views:
            page.button_group(key=f"rare/show/{group}").set_value(view).run()
            assert not page.exception, view
            assert not MARKUP.search(words(page))
            for chart in page.get("plotly_chart"):
                assert "<img" not in chart.proto.spec
                assert "$x$" not in chart.proto.spec


def test_nonsense_in_the_url_is_no_error(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_weighted_run(workspace.runs, replicates=2)
    run = write_experiment(workspace.runs, question="unseen response")
    for nonsense in (ATTACK, "²" + "9" * 5000):
        for show in ("Map", "Genes", nonsense):
            page = open_page(
                monkeypatch, workspace, "rare_cells", run=run.id if show == "Genes" else nonsense,
                show=show, type=nonsense, arm=nonsense, predictor=nonsense, gene=nonsense,
                replicate=nonsense, genes=nonsense, metric=nonsense,
            )  # fmt: skip
            assert not page.exception
            assert not page.error
