"""What can the data tell: a check from the Train page, its result there and on the Runs page."""

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data.record import DatasetRecord
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.checked_run import HOSTILE, WARNING, write_check
from tests.dashboard.opening import add_hopf, open_page, unfold, words


def checks(workspace: Workspace) -> list[Run]:
    return [run for run in RunStore(workspace).runs() if run.spec.kind == "check"]


@pytest.fixture
def record(workspace: Workspace) -> DatasetRecord:
    return add_hopf(workspace)


def train_page(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    page = open_page(monkeypatch, workspace, "train")
    assert not page.exception
    return page


def test_one_click_queues_a_check_of_all_sources_as_the_form_stands(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    page = train_page(monkeypatch, workspace)
    page.selectbox(key="train/clera/derivative").set_value("windows")
    page.number_input(key="train/clera/genes").set_value(500)
    page.number_input(key="train/options/seed").set_value(7)
    page.run()
    page.button(key="check").click().run()
    assert not page.exception
    (run,) = checks(workspace)
    assert run.spec.config["derivative"] == "auto"
    assert run.spec.config["genes"] == 500
    assert run.spec.options.seed == 7
    assert run.spec.recipe.name == "velocity"
    assert run.state.status == "queued"
    assert page.button(key="check").disabled
    page.button(key="cancel_check").click().run()
    assert checks(workspace)[0].state.status == "cancelled"


def test_the_result_is_shown_with_its_warnings_to_the_end(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    write_check(workspace, record)
    page = train_page(monkeypatch, workspace)
    said = words(page)
    assert WARNING in said
    assert "End\\." in said
    assert "out of date" not in said
    unfold(page, "train/check/numbers")
    assert any("tangent_share" in frame.value for frame in page.dataframe)


def test_a_source_is_taken_into_the_form(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    write_check(workspace, record)
    page = train_page(monkeypatch, workspace)
    assert page.selectbox(key="train/clera/derivative").value == "auto"
    page.button(key="train/check/take/layer").click().run()
    assert not page.exception
    assert page.selectbox(key="train/clera/derivative").value == "layer"
    # Which source is chosen does not make a comparison of all of them old.
    assert "out of date" not in words(page)


def test_other_data_settings_make_the_comparison_old(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    write_check(workspace, record)
    page = train_page(monkeypatch, workspace)
    page.number_input(key="train/clera/fit_epochs").set_value(10).run()
    assert "out of date" not in words(page)
    page.number_input(key="train/clera/genes").set_value(500).run()
    assert "out of date" in words(page)


def test_the_check_of_other_data_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    write_check(workspace, record.model_copy(update={"fingerprint": "f" * 64}))
    page = train_page(monkeypatch, workspace)
    assert WARNING not in words(page)
    assert page.button(key="check").label == "Compare the sources"


def test_texts_of_a_check_are_shown_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    write_check(workspace, record)
    said = words(train_page(monkeypatch, workspace))
    assert "lineage** cannot be built" in said
    assert HOSTILE not in said
    assert "\\<script\\>" in said


def test_the_runs_page_shows_a_check_and_leads_back(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    run = write_check(workspace, record)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert "CLERA check, hopf" in words(page)
    assert WARNING in words(page)
    assert not any(button.key.endswith("take/layer") for button in page.button)
    page.button(key="open_results").click().run()
    assert page.title[0].value == "Train"


def test_a_check_that_failed_can_be_repeated(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    write_check(workspace, record, status="interrupted")
    page = train_page(monkeypatch, workspace)
    page.button(key="check").click().run()
    assert [run.state.status for run in checks(workspace)] == ["queued", "interrupted"]


def test_transitions_are_written_one_on_a_line(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    page = train_page(monkeypatch, workspace)
    unfold(page, "train/clera/advanced")
    field = page.text_area(key="train/clera/lineage")
    field.set_value("T cell, CD4+>B cell\n\n B cell>Plasma").run()
    page.button(key="launch").click().run()
    (run,) = [run for run in RunStore(workspace).runs() if run.state.status == "queued"]
    assert run.spec.config["lineage"] == ["T cell, CD4+>B cell", "B cell>Plasma"]


def test_what_is_no_transition_is_said_beside_the_field(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    page = train_page(monkeypatch, workspace)
    unfold(page, "train/clera/advanced")
    page.text_area(key="train/clera/lineage").set_value("Ductal - Beta").run()
    assert "is no transition" in words(page)
    assert page.button(key="launch").disabled


def test_transitions_of_unknown_types_are_named_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    page = train_page(monkeypatch, workspace)
    unfold(page, "train/clera/advanced")
    page.text_area(key="train/clera/lineage").set_value("phase 1>phase 9").run()
    assert "phase 9" in words(page)
    assert "Write the types exactly" in words(page)
    page.text_area(key="train/clera/lineage").set_value("phase 1>phase 2").run()
    assert "Write the types exactly" not in words(page)
