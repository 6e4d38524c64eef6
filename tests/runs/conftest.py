import os
import sys
from pathlib import Path

import pytest

from scdyn_core.data.load import load
from scdyn_core.methods import registry
from scdyn_core.preprocess.recipe import RECIPES
from scdyn_core.runs.executors.local import LocalExecutor
from scdyn_core.runs.slots import Slot
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.store import RunStore
from scdyn_core.runs.supervisor import Supervisor
from scdyn_core.training.options import TrainingOptions
from scdyn_core.workspace import Workspace
from tests.runs.line_method import Line, write_cells

ROOT = Path(__file__).parents[2]


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("SCDYN_HOME", str(tmp_path / "home"))
    return Workspace.default()


@pytest.fixture
def store(workspace):
    return RunStore(workspace)


@pytest.fixture
def line(monkeypatch):
    """The method of the tests, in this process."""
    monkeypatch.setattr(registry, "METHODS", (*registry.METHODS, Line()))


@pytest.fixture(scope="session")
def cells(tmp_path_factory):
    return write_cells(tmp_path_factory.mktemp("data") / "cells.h5ad")


@pytest.fixture
def make_spec(cells):
    dataset = load(cells)

    def make(kind="train", path=cells, options=None, **config):
        reference = DatasetRef(
            path=path, name="cells", fingerprint=dataset.fingerprint, roles=dataset.roles
        )
        return RunSpec(
            kind=kind,
            dataset=reference,
            recipe=RECIPES["none"],
            method="line" if kind == "train" else None,
            config=config,
            options=TrainingOptions(**{"threads": 1, "checkpoint_seconds": 0.2, **(options or {})}),
        )

    return make


@pytest.fixture
def executor(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    return LocalExecutor((sys.executable, "-m", "tests.runs.line_worker"))


@pytest.fixture
def supervisor(store, executor):
    keeper = Supervisor(store, [Slot("CPU")], executor)
    yield keeper
    keeper.stop()
