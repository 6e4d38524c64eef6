"""A run that everything happens to ends as if nothing had: real app, real workers, real CLERA."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect
from safetensors.numpy import load_file

from scdyn_core.runs.run import Run
from scdyn_core.runs.state import ENDED
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp, running_app
from tests.runs.clera_spec import assert_same_results, clera_spec
from tests.runs.line_method import wait_for

pytestmark = pytest.mark.browser


def visit(browser: Browser, app: RunningApp) -> None:
    """Look at the queue: the app takes up its work with the first visitor."""
    page = browser.new_page()
    page.goto(f"{app.url}/runs")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible(timeout=30_000)
    page.close()


def ended(run: Run) -> bool:
    return run.state.status in ENDED


def in_mid_training(run: Run) -> int:
    """Return the pid of the worker at a random moment of its training."""

    def trains() -> bool:
        progress = run.progress
        return bool(run.checkpoints and progress and progress.stage.startswith("training"))

    wait_for(lambda: trains() or ended(run))
    time.sleep(random.uniform(0, 0.5))
    state = run.state
    assert state.status == "running", (state.error, run.log())
    assert state.pid is not None
    return state.pid


def becomes(run: Run, status: str, seconds: float) -> None:
    wait_for(lambda: ended(run), seconds)
    assert run.state.status == status, (run.state.error, run.log())


def test_a_run_survives_kills_of_worker_and_app_and_a_cancel_bit_by_bit(
    browser: Browser, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    store = RunStore(Workspace(home))
    spec = clera_spec(tmp_path, fit_epochs=1000)
    disturbed, whole = store.submit(spec), store.submit(spec)
    with running_app(home) as app:
        visit(browser, app)
        os.kill(in_mid_training(disturbed), signal.SIGKILL)
        becomes(disturbed, "interrupted", 5)
        wait_for(lambda: ended(whole))
        store.resume(disturbed)
        worker = in_mid_training(disturbed)
        app.process.kill()
        app.process.wait()
        becomes(disturbed, "interrupted", 15)
        wait_for(lambda: not psutil.pid_exists(worker), 15)
    with running_app(home) as app:
        visit(browser, app)
        store.resume(disturbed)
        in_mid_training(disturbed)
        store.cancel(disturbed)
        becomes(disturbed, "cancelled", 5)
        assert load_file(disturbed.checkpoints[-1])
        store.resume(disturbed)
        wait_for(lambda: ended(disturbed))
    assert_same_results(disturbed, whole)
