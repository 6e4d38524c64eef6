"""A result says what changed since it was made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.preprocess.recipe import RECIPES
from scdyn_core.runs.run import Run
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, words
from tests.dashboard.quiet import still_previews
from tests.plots.synthetic_run import write_run

STALE = "This result is out of date"


@dataclass(frozen=True)
class Made:
    record: DatasetRecord
    run: Run


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    still_previews(monkeypatch)


@pytest.fixture
def made(workspace: Workspace) -> Made:
    """A run of a stored dataset, with the roles and the recipe it has now."""
    record = add_hopf(workspace)
    return Made(record, of_data(write_run(workspace.runs), workspace, record))


def of_data(run: Run, workspace: Workspace, record: DatasetRecord) -> Run:
    ref = run.spec.dataset.model_copy(
        update={
            "path": DatasetStore(workspace).path(record.id),
            "fingerprint": record.fingerprint,
            "roles": record.roles,
        }
    )
    spec = run.spec.model_copy(update={"dataset": ref})
    (run.path / "config.json").write_text(spec.model_dump_json())
    return Run.open(run.path)


def shown(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run, page: str) -> str:
    opened = open_page(monkeypatch, workspace, page, run=run.id)
    assert not opened.exception
    return words(opened)


@pytest.mark.parametrize("page", ["dynamics", "networks", "runs"])
def test_what_is_as_it_was_says_nothing_and_changed_roles_are_named(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, made: Made, page: str
) -> None:
    assert STALE not in shown(monkeypatch, workspace, made.run, page)
    roles = made.record.roles.replace({"cell_type": None})
    DatasetStore(workspace).set_roles(made.record.id, roles)
    told = shown(monkeypatch, workspace, made.run, page)
    assert STALE in told
    assert "the role cell type changed" in told


def test_a_deleted_dataset_is_named(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, made: Made
) -> None:
    DatasetStore(workspace).delete(made.record.id)
    assert "its dataset was deleted" in shown(monkeypatch, workspace, made.run, "dynamics")


def test_a_file_that_was_written_again_is_named(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tmp_path: Path
) -> None:
    run = write_run(workspace.runs)
    path = tmp_path / "mine.h5ad"
    path.write_bytes(b"cells")
    ref = run.spec.dataset.model_copy(update={"path": path})
    spec = run.spec.model_copy(update={"dataset": ref})
    (run.path / "config.json").write_text(spec.model_dump_json())
    os.utime(path, (run.state.created - 100,) * 2)
    assert STALE not in shown(monkeypatch, workspace, run, "dynamics")
    os.utime(path, (run.state.created + 100,) * 2)
    assert "written again" in shown(monkeypatch, workspace, run, "dynamics")


def test_another_recipe_counts_until_something_was_made_with_it(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, made: Made
) -> None:
    page = open_page(monkeypatch, workspace, "dynamics", run=made.run.id)
    page.session_state[f"recipe/{made.record.id}"] = RECIPES["velocity"]
    assert "the recipe changed" in words(page.run())
    page.session_state[f"recipe/{made.record.id}"] = made.run.spec.recipe
    assert STALE not in words(page.run())
