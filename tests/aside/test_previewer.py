"""Previews in a process of their own: what they show, and what happens when it goes wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from scdyn_core.aside.previewer import Previewer
from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.preview import preview
from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.workspace import Workspace

QUICK = Recipe(steps=RECIPES["expression"].steps[:4])
CELLS = 60

ASK_FOR_EVER = """
import sys, time
from pathlib import Path
from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.aside.previewer import Previewer
previewer = Previewer()
previewer.preview(Path(sys.argv[1]), Roles(), Recipe(), 10)
print(previewer.pid, flush=True)
time.sleep(600)
"""


class AtFirstStep(SilentReporter):
    """Does something as soon as the preview is under way."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self.unwanted = False

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        self._act()

    def cancelled(self) -> bool:
        return self.unwanted


@pytest.fixture
def store(workspace: Workspace) -> DatasetStore:
    return DatasetStore(workspace)


@pytest.fixture
def hopf(store: DatasetStore, tmp_path: Path) -> DatasetRecord:
    path = tmp_path / "hopf.h5ad"
    Hopf(n_cells=80, n_genes=12).sample(seed=0).write_h5ad(path)
    return store.add(path, "hopf")


@pytest.fixture
def previewer() -> Iterator[Previewer]:
    made = Previewer()
    yield made
    made.close()


def wait_until_gone(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_it_is_the_preview_of_this_process(
    previewer: Previewer, store: DatasetStore, hopf: DatasetRecord
) -> None:
    there = previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS)
    here = preview(store.open(hopf.id), QUICK, CELLS)
    for name in ("before", "after", "genes"):
        pd.testing.assert_frame_equal(getattr(there, name), getattr(here, name))
    assert (there.cells_used, there.cells_total) == (here.cells_used, here.cells_total)
    assert [step.message for step in there.records] == [step.message for step in here.records]


def test_the_process_is_kept_for_the_next_preview(
    previewer: Previewer, store: DatasetStore, hopf: DatasetRecord
) -> None:
    previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS)
    first = previewer.pid
    previewer.preview(store.path(hopf.id), hopf.roles, Recipe(), CELLS)
    assert previewer.pid == first
    assert first is not None
    assert psutil.Process(first).nice() > psutil.Process().nice()


def test_an_error_of_the_preview_is_raised_here_as_it_was_there(
    previewer: Previewer, store: DatasetStore, hopf: DatasetRecord
) -> None:
    without = hopf.roles.replace({"unspliced": None})
    with pytest.raises(ConfigError) as raised:
        previewer.preview(store.path(hopf.id), without, RECIPES["velocity"], CELLS)
    assert "unspliced" in str(raised.value)
    assert "preview, step" not in raised.value.place


def test_a_step_that_breaks_is_named(
    previewer: Previewer, store: DatasetStore, hopf: DatasetRecord, tmp_path: Path
) -> None:
    adata = store.open(hopf.id).adata.copy()
    adata.obs["cell_type"] = np.nan
    del adata.layers["unspliced"]
    folder = tmp_path / "changed"
    folder.mkdir()
    adata.write_h5ad(folder / "data.h5ad")
    with pytest.raises(ConfigError) as raised:
        previewer.preview(folder / "data.h5ad", hopf.roles, RECIPES["velocity"], CELLS)
    assert raised.value.place.startswith("preview, step")


def test_a_crash_costs_one_preview_and_not_the_next(
    previewer: Previewer, store: DatasetStore, hopf: DatasetRecord
) -> None:
    def crash() -> None:
        assert previewer.pid is not None
        os.kill(previewer.pid, signal.SIGKILL)

    with pytest.raises(ConfigError, match="memory ran out"):
        previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS, AtFirstStep(crash))
    assert previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS).cells_used == CELLS


def test_an_unwanted_preview_stops_and_its_process_goes_on(
    previewer: Previewer, store: DatasetStore, hopf: DatasetRecord
) -> None:
    previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS)
    first = previewer.pid

    def refuse() -> None:
        listener.unwanted = True

    listener = AtFirstStep(refuse)
    with pytest.raises(Cancelled):
        previewer.preview(store.path(hopf.id), hopf.roles, RECIPES["velocity"], CELLS, listener)
    assert previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS).cells_used == CELLS
    assert previewer.pid == first


def test_one_that_does_not_listen_is_ended_and_the_next_starts_anew(
    previewer: Previewer,
    store: DatasetStore,
    hopf: DatasetRecord,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scdyn_core.aside.asker.PATIENCE_SECONDS", 0.0)

    def freeze() -> None:
        assert previewer.pid is not None
        listener.unwanted = True
        os.kill(previewer.pid, signal.SIGSTOP)

    listener = AtFirstStep(freeze)
    with pytest.raises(Cancelled):
        previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS, listener)
    assert previewer.pid is not None
    assert not psutil.pid_exists(previewer.pid)
    assert previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS).cells_used == CELLS


def test_what_dies_when_it_is_no_longer_wanted_is_cancelled(
    previewer: Previewer, store: DatasetStore, hopf: DatasetRecord
) -> None:
    def die() -> None:
        assert previewer.pid is not None
        listener.unwanted = True
        os.kill(previewer.pid, signal.SIGKILL)
        assert wait_until_gone(previewer.pid, 10)

    listener = AtFirstStep(die)
    with pytest.raises(Cancelled):
        previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS, listener)


def test_an_answer_that_nobody_waited_for_is_not_that_of_the_next(
    previewer: Previewer, store: DatasetStore, hopf: DatasetRecord
) -> None:
    def leave() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        previewer.preview(store.path(hopf.id), hopf.roles, QUICK, CELLS, AtFirstStep(leave))
    assert previewer.preview(store.path(hopf.id), hopf.roles, QUICK, 40).cells_used == 40


def test_it_does_not_outlive_an_app_that_is_killed(
    store: DatasetStore, hopf: DatasetRecord
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASK_FOR_EVER, str(store.path(hopf.id))], stdout=subprocess.PIPE
    ) as app:
        assert app.stdout is not None
        pid = int(app.stdout.readline())
        assert psutil.pid_exists(pid)
        app.kill()
    assert wait_until_gone(pid, seconds=5)
