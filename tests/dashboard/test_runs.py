"""Runs: the queue, one run, and several beside each other."""

import json
from pathlib import Path

import pytest

from scdyn_core.data.store import DatasetStore
from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.execute import execute
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, words
from tests.plots.synthetic_run import tables, write_run


def test_without_runs_the_page_leads_to_training(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "runs")
    assert "No runs yet" in words(page)
    assert not page.exception


def test_a_finished_run_shows_losses_scores_log_and_settings(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert [tab.label for tab in page.tabs] == ["Training", "Scores", "Log", "Settings"]
    assert len(page.get("plotly_chart")) == 1
    for view, marks in {"Scores": "beats it", "Settings": "setting"}.items():
        page = open_page(monkeypatch, workspace, "runs", run=run.id, run_view=view)
        assert any(marks in shown.value for shown in page.dataframe), view
    page = open_page(monkeypatch, workspace, "runs", run=run.id, run_view="Log")
    assert "fit began" in page.code[0].value
    page.button(key="open_results").click().run()
    assert page.title[0].value == "Dynamics"


def test_a_failed_run_says_what_was_found_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, status="failed")
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert "loss is not finite" in page.error[0].value
    assert "Lower the learning rate" in page.error[0].value
    page.button(key="resume").click().run()
    assert RunStore(workspace).run(run.id).state.status == "queued"


def test_a_waiting_run_can_be_cancelled(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, status="queued")
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    page.button(key="cancel").click().run()
    assert run.state.status == "cancelled"
    assert not page.exception


def test_a_deleted_run_can_be_brought_back(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    page.button(key="delete").click().run()
    assert RunStore(workspace).runs() == []
    page.button(key="undo_delete").click().run()
    assert [kept.id for kept in RunStore(workspace).runs()] == [run.id]
    assert not page.exception


def test_a_note_stays_with_the_run(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    page.text_input(key=f"note/{run.id}").set_value("more *latents*").run()
    assert run.note == "more *latents*"
    assert any(r"\*latents\*" in caption.value for caption in page.caption)


def test_a_note_that_was_written_over_comes_back(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs)
    run.note = "why it matters"
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    page.text_input(key=f"note/{run.id}").set_value("").run()
    assert run.note == ""
    page.button(key=f"note_undo/{run.id}").click().run()
    assert run.note == page.text_input(key=f"note/{run.id}").value == "why it matters"


def test_runs_are_compared_and_the_best_is_picked_by_a_stated_rule(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_run(workspace.runs)
    write_run(workspace.runs, config={"latents": 9})
    page = open_page(monkeypatch, workspace, "runs", runs_view="Compare")
    assert not page.exception
    assert "largest lead over its best baseline in derivative share on test cells" in words(page)
    assert len(page.get("plotly_chart")) == 2


def test_the_best_replicate_follows_the_weights_and_opens_in_dynamics(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = tables(replicates=3)
    frames["replicates"]["active_terms"] = [3, 9, 9]
    run = write_run(workspace.runs, replicates=3, frames=frames)
    page = open_page(monkeypatch, workspace, "runs", runs_view="Compare")
    assert not page.exception
    page.slider(key="compare/weight/terms").set_value(0.0).run()
    assert "**replicate 3**" in words(page)
    page.slider(key="compare/weight/terms").set_value(8.0).run()
    assert "**replicate 1**" in words(page)
    assert "the fewest terms" in words(page)
    page.button(key="compare/open").click().run()
    assert page.title[0].value == "Dynamics"
    assert page.query_params["run"] == run.id
    assert page.query_params["replicate"] == "1"


def test_runs_with_other_held_out_cells_are_left_out_of_the_choice(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_run(workspace.runs)
    other = write_run(workspace.runs)
    config = json.loads((other.path / "config.json").read_text())
    config["options"]["seed"] = 5
    (other.path / "config.json").write_text(json.dumps(config))
    page = open_page(monkeypatch, workspace, "runs", runs_view="Compare")
    assert not page.exception
    assert "Left out" in words(page)


def test_waiting_runs_are_to_be_watched_and_finished_ones_not(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    from dashboard._ui.runs_list import is_active

    done = write_run(workspace.runs)
    waiting = write_run(workspace.runs, status="queued")
    page = open_page(monkeypatch, workspace, "runs", run=done.id)
    assert not page.exception
    assert (is_active(done), is_active(waiting)) == (False, True)


def test_a_damaged_run_costs_the_page_nothing(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs)
    broken = write_run(workspace.runs)
    (broken.path / "config.json").write_text("{")
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert any("config" in error.value for error in page.error)


def test_a_deleted_run_leaves_the_comparison(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    kept, gone = write_run(workspace.runs), write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "runs", runs_view="Compare")
    RunStore(workspace).delete(gone)
    page.run()
    assert not page.exception
    assert page.multiselect(key="compare/runs").value == [kept.id]


def test_a_prepared_run_shows_what_every_step_did(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    record = add_hopf(workspace)
    recipe = Recipe(steps=RECIPES["expression"].steps[:4])
    dataset = DatasetRef(
        path=DatasetStore(workspace).path(record.id),
        name=record.name,
        fingerprint=record.fingerprint,
        roles=record.roles,
    )
    run = RunStore(workspace).submit(RunSpec(kind="prepare", dataset=dataset, recipe=recipe))
    waiting = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not waiting.exception
    assert [tab.label for tab in waiting.tabs] == ["Steps", "Log", "Settings"]
    execute(run, SilentReporter())
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert list(page.dataframe[0].value["step"]) == [step.title for step in recipe.steps]
    page.button(key="open_results").click().run()
    assert page.title[0].value == "Preprocess"
    assert page.query_params["stage"] == "In full"
    assert "ended" in words(page)


def test_a_run_that_no_page_shows_offers_no_results(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs)
    for table in (run.path / "tables").iterdir():
        if table.stem != "cells":
            table.unlink()
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert "open_results" not in [button.key for button in page.button]
    assert "clone" in [button.key for button in page.button]


def test_a_run_trained_from_the_shell_opens(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tmp_path: Path
) -> None:
    elsewhere = RunStore(workspace).adopt(write_run(tmp_path / "shell").path)
    page = open_page(monkeypatch, workspace, "runs", run=elsewhere.id)
    assert not page.exception
    assert len(page.get("plotly_chart")) == 1
    page.button(key="open_results").click().run()
    assert not page.exception
    assert page.title[0].value == "Dynamics"
    assert page.query_params["run"] == elsewhere.id
    assert page.latex
