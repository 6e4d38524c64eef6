"""Taking a run away, and taking one in."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard._ui import runs_import, take_away
from scdyn_core.errors import InputError
from scdyn_core.export.bundle import export_bundle
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, unfold, words
from tests.plots.synthetic_run import write_run


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> tuple[AppTest, str]:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    return unfold(page, f"take_away/{run.id}"), run.id


def made(page: AppTest, key: str) -> AppTest:
    """Make one thing and wait until it can be downloaded."""
    page.button(key=key).click().run()
    give_up = time.monotonic() + 60
    while not page.get("download_button") or f"{key}/download" not in {
        element.key for element in page.get("download_button")
    }:
        assert time.monotonic() < give_up, words(page)
        time.sleep(0.5)
        page.run()
    return page


def test_everything_is_offered_with_what_it_is(opened: tuple[AppTest, str]) -> None:
    page, run_id = opened
    assert not page.exception
    text = words(page)
    for title in ("Report", "Tables", "Figures", "Data with results", "Script", "Run"):
        assert f"**{title}**" in text
    assert not page.button(key=f"take_away/report/{run_id}").disabled
    data = page.button(key=f"take_away/h5ad/{run_id}")
    assert data.disabled
    assert "not on this computer" in data.help


def test_what_is_made_can_be_downloaded(opened: tuple[AppTest, str]) -> None:
    page, run_id = opened
    page = made(page, f"take_away/tables/{run_id}")
    assert not page.exception
    page = made(page, f"take_away/script/{run_id}")
    assert not page.exception


def test_the_methods_text_can_be_copied(opened: tuple[AppTest, str]) -> None:
    page, run_id = opened
    page = unfold(page, f"take_away/methods/{run_id}")
    assert any("Champion et al." in code.value for code in page.code)


def test_a_run_under_way_cannot_be_taken_away(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, status="queued")
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert f"take_away/{run.id}" not in page.session_state


def test_a_file_too_large_for_a_browser_is_left_in_a_folder(
    monkeypatch: pytest.MonkeyPatch, opened: tuple[AppTest, str], workspace: Workspace
) -> None:
    page, run_id = opened
    monkeypatch.setattr(take_away, "LARGEST_DOWNLOAD", 10)
    key = f"take_away/script/{run_id}"
    page.button(key=key).click().run()
    give_up = time.monotonic() + 60
    while not list((workspace.home / "exports").glob("*/*.py")):
        assert time.monotonic() < give_up
        time.sleep(0.5)
        page.run()
    page.run()
    assert not page.exception
    (left,) = (workspace.home / "exports").glob("*/*.py")
    assert "notebook.train" in left.read_text()
    assert any(code.value == str(left) for code in page.code)


def test_a_packed_run_is_taken_in_and_another_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tmp_path: Path
) -> None:
    packed = export_bundle(write_run(tmp_path), tmp_path / "run.zip", SilentReporter())
    page = open_page(monkeypatch, workspace, "runs")
    assert not page.exception
    state: dict[str, object] = {}
    monkeypatch.setattr(runs_import.st, "session_state", state)
    monkeypatch.setattr(
        runs_import, "stoppable", lambda title, work, on_stop: work(SilentReporter())
    )
    monkeypatch.setattr(runs_import, "select_run", lambda run_id: None)
    monkeypatch.setattr(runs_import.st, "toast", lambda *given, **options: None)
    runs_import._take_in("run.zip", memoryview(packed.read_bytes()))
    assert len(RunStore(workspace).runs()) == 1
    runs_import._take_in("<b>.zip", memoryview(b"no zip"))
    assert isinstance(state["runs/import_refused"], InputError)
    assert len(RunStore(workspace).runs()) == 1


def test_a_cancelled_import_stops_and_forgets_the_file(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tmp_path: Path
) -> None:
    packed = export_bundle(write_run(tmp_path), tmp_path / "run.zip", SilentReporter())
    state = {"runs/import_round": 3}

    class Cancelling(SilentReporter):
        def cancelled(self) -> bool:
            return True

    def stoppable(title: str, work: Callable[..., Run], on_stop: Callable[[], None]) -> Run:
        on_stop()
        return work(Cancelling())

    monkeypatch.setattr(runs_import.st, "session_state", state)
    monkeypatch.setattr(runs_import, "stoppable", stoppable)
    monkeypatch.setattr(runs_import, "workspace", lambda: workspace)
    with pytest.raises(Cancelled):
        runs_import._take_in("run.zip", memoryview(packed.read_bytes()))
    assert state["runs/import_round"] == 4
    assert not list(workspace.runs.iterdir())
