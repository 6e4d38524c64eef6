"""Preprocess: the recipe as a list, its preview, the full run."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.preprocess.steps import KeepCells
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.execute import execute
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, words
from tests.dashboard.quiet import still_previews


@pytest.fixture
def hopf(workspace: Workspace) -> DatasetRecord:
    return add_hopf(workspace)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, hopf: DatasetRecord) -> AppTest:
    still_previews(monkeypatch)
    opened = open_page(monkeypatch, workspace, "preprocess")
    assert not opened.exception
    return opened


def steps(page: AppTest) -> list[str]:
    """The titles in the list."""
    rows = [button for button in page.button if (button.key or "").startswith("step_")]
    return [row.label.split(". ", 1)[1] for row in rows if ". " in row.label]


def recipe_of(page: AppTest, record: DatasetRecord) -> Recipe:
    recipe: Recipe = page.session_state[f"recipe/{record.id}"]
    return recipe


def choose_recipe(page: AppTest, record: DatasetRecord, name: str) -> AppTest:
    return page.selectbox(key=f"recipe_choice/{record.id}").set_value(name).run()


def test_without_data_the_page_leads_to_the_data(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "preprocess")
    assert "No data yet" in words(page)
    assert not page.exception


def test_the_suggested_recipe_is_chosen(page: AppTest) -> None:
    assert steps(page) == [step.title for step in RECIPES["velocity"].steps]


def test_another_recipe_is_one_choice_away(page: AppTest, hopf: DatasetRecord) -> None:
    choose_recipe(page, hopf, "expression")
    assert steps(page) == [step.title for step in RECIPES["expression"].steps]


def test_a_step_can_be_edited(page: AppTest, hopf: DatasetRecord) -> None:
    page.button(key="step_4").click().run()
    page.number_input(key=f"step/{hopf.id}/4/variable_genes/n_top").set_value(7).run()
    assert not page.exception
    assert recipe_of(page, hopf).steps[4].n_top == 7  # type: ignore[union-attr]


def test_steps_move_and_go(page: AppTest, hopf: DatasetRecord) -> None:
    before = steps(page)
    page.button(key="step_1").click().run()
    page.button(key="step_Down").click().run()
    assert steps(page)[1:3] == [before[2], before[1]]
    page.button(key="step_Remove").click().run()
    assert steps(page) == [title for title in before if title != before[1]]


def test_a_new_step_lands_where_it_usually_comes(page: AppTest) -> None:
    page.selectbox(key="added_step").set_value("filter_cells").run()
    assert steps(page)[:2] == ["Quality metrics", "Filter cells"]


def test_cells_are_kept_for_what_a_column_says(page: AppTest, hopf: DatasetRecord) -> None:
    page.selectbox(key="added_step").set_value("keep_cells").run()
    assert steps(page)[0] == "Keep cells by annotation"
    page.text_input(key=f"step/{hopf.id}/0/keep_cells/column").set_value("cell_type").run()
    page.text_area(key=f"step/{hopf.id}/0/keep_cells/values").set_value("phase 1\nphase 2").run()
    assert not page.exception
    assert recipe_of(page, hopf).steps[0] == KeepCells(
        column="cell_type", values=("phase 1", "phase 2")
    )


def test_changes_can_be_undone(page: AppTest, hopf: DatasetRecord) -> None:
    page.selectbox(key="added_step").set_value("doublets").run()
    page.button(key="reset_recipe").click().run()
    assert recipe_of(page, hopf) == RECIPES["velocity"]


def test_every_change_can_be_taken_back_by_itself(page: AppTest, hopf: DatasetRecord) -> None:
    before = steps(page)
    page.button(key="step_4").click().run()
    page.number_input(key=f"step/{hopf.id}/4/variable_genes/n_top").set_value(7).run()
    page.button(key="step_Remove").click().run()
    choose_recipe(page, hopf, "expression")
    page.button(key="undo_recipe").click().run()
    assert "Variable genes" not in steps(page)
    page.button(key="undo_recipe").click().run()
    assert recipe_of(page, hopf).steps[4].n_top == 7  # type: ignore[union-attr]
    page.button(key="undo_recipe").click().run()
    assert steps(page) == before
    assert not page.exception
    assert "undo_recipe" not in [button.key for button in page.button]


def test_a_recipe_is_loaded_from_a_file(page: AppTest, hopf: DatasetRecord) -> None:
    mine = Recipe(name="mine", steps=RECIPES["expression"].steps[:2])
    page.file_uploader[0].set_value([("mine.yaml", mine.to_yaml().encode(), "text/yaml")]).run()
    assert not page.exception
    assert recipe_of(page, hopf) == mine
    assert page.selectbox(key=f"recipe_choice/{hopf.id}").value == "mine"


def test_a_file_that_is_no_recipe_says_so(page: AppTest, hopf: DatasetRecord) -> None:
    page.file_uploader[0].set_value([("x.yaml", b"steps: [{kind: explode}]", "text/yaml")]).run()
    assert not page.exception
    assert "What to do" in page.error[0].value
    assert f"recipe/{hopf.id}" not in page.session_state


def test_a_recipe_without_its_roles_says_what_to_do(
    page: AppTest, workspace: Workspace, hopf: DatasetRecord
) -> None:
    page.session_state[f"recipe/{hopf.id}"] = RECIPES["velocity"]
    DatasetStore(workspace).set_roles(hopf.id, hopf.roles.replace({"unspliced": None}))
    page.run()
    assert not page.exception
    assert "unspliced" in page.error[0].value
    assert "What to do" in page.error[0].value


def test_the_preview_shows_what_every_step_did(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, hopf: DatasetRecord
) -> None:
    page = open_page(monkeypatch, workspace, "preprocess")
    quick = RECIPES["expression"].model_copy(update={"steps": RECIPES["expression"].steps[:6]})
    page.session_state[f"recipe/{hopf.id}"] = quick
    end = time.monotonic() + 120
    page.run()
    while "Seen on" not in words(page) and time.monotonic() < end:
        time.sleep(0.3)
        page.run()
    assert not page.exception
    assert "Seen on 80 of 80 cells" in words(page)
    assert page.get("plotly_chart")


def test_the_full_run_is_queued_and_its_result_shown(
    page: AppTest, workspace: Workspace, hopf: DatasetRecord
) -> None:
    choose_recipe(page, hopf, "log_values")
    quick = RECIPES["expression"].model_copy(update={"steps": RECIPES["expression"].steps[:6]})
    page.session_state[f"recipe/{hopf.id}"] = quick
    page.run()
    page.button(key="run_in_full").click().run()
    (run,) = RunStore(workspace).runs()
    assert run.spec.kind == "prepare"
    assert run.spec.recipe == quick
    assert "Waits for a free slot" in words(page)
    execute(run, SilentReporter())
    page.run()
    assert not page.exception
    assert page.get("plotly_chart")
    assert "out of date" not in words(page)


def test_an_old_result_is_called_out_of_date(
    page: AppTest, workspace: Workspace, hopf: DatasetRecord
) -> None:
    page.session_state[f"recipe/{hopf.id}"] = RECIPES["none"]
    page.run()
    page.button(key="run_in_full").click().run()
    execute(RunStore(workspace).runs()[0], SilentReporter())
    choose_recipe(page, hopf, "expression")
    assert "out of date" in words(page)
