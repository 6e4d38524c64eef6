"""Real worker processes: killed, cancelled, orphaned, resumed."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd
import psutil
import pytest
from safetensors.numpy import load_file

from scdyn_core.runs.queue import bury
from scdyn_core.runs.slots import Slot
from scdyn_core.runs.state import ENDED
from scdyn_core.runs.supervisor import Supervisor
from tests.runs.line_method import wait_for

ENDLESS = {"epochs": 100_000, "pause": 0.005}


def ended(run):
    return run.state.status in ENDED


def training(run):
    progress = run.progress
    return progress is not None and progress.stage.startswith("training") and run.checkpoints


def worker_pid(run):
    wait_for(lambda: training(run) or ended(run))
    state = run.state
    assert state.status == "running", (state.error, run.log())
    assert state.pid != os.getpid()
    return state.pid


def test_submitted_runs_are_done_one_after_the_other(store, supervisor, make_spec):
    runs = [store.submit(make_spec("prepare")), store.submit(make_spec(epochs=5))]
    supervisor.start()
    for run in runs:
        wait_for(lambda run=run: ended(run))
        assert run.state.status == "done", run.log()
    assert runs[1].state.started >= runs[0].state.ended


def test_a_killed_worker_costs_nothing_but_the_time_since_its_checkpoint(
    store, supervisor, make_spec
):
    settings = {"epochs": 150, "pause": 0.005}
    whole = store.submit(make_spec(**settings))
    killed = store.submit(make_spec(**settings))
    supervisor.start()
    os.kill(worker_pid(killed), signal.SIGKILL)
    wait_for(lambda: ended(killed))
    assert killed.state.status == "interrupted"
    assert "SIGKILL" in killed.state.error["found"] or "killed" in killed.state.error["found"]
    store.resume(killed)
    wait_for(lambda: ended(killed) and ended(whole))
    assert killed.state.status == whole.state.status == "done", killed.log()
    pd.testing.assert_frame_equal(killed.table("weights"), whole.table("weights"), check_exact=True)
    pd.testing.assert_frame_equal(killed.metrics(), whole.metrics(), check_exact=True)


def test_a_cancel_ends_within_five_seconds_with_a_usable_checkpoint(store, supervisor, make_spec):
    run = store.submit(make_spec(**ENDLESS, options={"threads": 3}))
    supervisor.start()
    pid = worker_pid(run)
    assert supervisor.working["CPU"].id == run.id
    assert os.getpgid(pid) == pid
    assert psutil.Process(pid).nice() >= 10
    assert run.environment["threads"] == "3"
    asked = time.monotonic()
    store.cancel(run)
    wait_for(lambda: ended(run))
    assert time.monotonic() - asked < 5
    assert run.state.status == "cancelled"
    assert load_file(run.checkpoints[-1])


def test_a_worker_that_does_not_listen_is_killed_within_five_seconds(store, supervisor, make_spec):
    run = store.submit(make_spec(**ENDLESS))
    supervisor.start()
    pid = worker_pid(run)
    os.kill(pid, signal.SIGSTOP)
    asked = time.monotonic()
    store.cancel(run)
    wait_for(lambda: ended(run))
    assert time.monotonic() - asked < 5
    assert run.state.status == "cancelled"
    assert not psutil.pid_exists(pid)
    assert load_file(run.checkpoints[-1])


def test_stopping_the_supervisor_stops_workers_at_a_checkpoint(store, supervisor, make_spec):
    run = store.submit(make_spec(**ENDLESS))
    supervisor.start()
    pid = worker_pid(run)
    supervisor.stop()
    assert run.state.status == "interrupted"
    assert not psutil.pid_exists(pid)


def test_a_worker_that_cannot_start_fails_its_run_and_the_queue_goes_on(
    store, supervisor, make_spec
):
    broken, good = (store.submit(make_spec("prepare")) for _ in range(2))
    # The store has read the configuration; the worker finds it destroyed.
    assert len(store.runs()) == 2
    (broken.path / "config.json").write_text("{}")
    supervisor.start()
    wait_for(lambda: ended(broken) and ended(good))
    assert broken.state.status == "failed"
    assert "config.json" in broken.log()
    assert good.state.status == "done"


def test_a_run_whose_folder_is_deleted_gives_its_slot_back(store, supervisor, make_spec):
    deleted = store.submit(make_spec(**ENDLESS))
    supervisor.start()
    pid = worker_pid(deleted)
    shutil.rmtree(deleted.path)
    after = store.submit(make_spec("prepare"))
    wait_for(lambda: ended(after))
    assert not psutil.pid_exists(pid)
    assert not deleted.path.exists()
    assert store.damaged() == []
    assert after.state.status == "done"


def test_two_supervisors_never_run_one_run_twice(store, executor, make_spec):
    runs = [store.submit(make_spec("prepare")) for _ in range(4)]
    keepers = [Supervisor(store, [Slot("CPU")], executor) for _ in range(2)]
    for keeper in keepers:
        keeper.start()
    try:
        for run in runs:
            wait_for(lambda run=run: ended(run))
    finally:
        for keeper in keepers:
            keeper.stop()
    for run in runs:
        assert run.state.status == "done", run.log()
        assert run.log().count("  done") == 1


APP = """
import sys, time
from scdyn_core.runs.executors.local import LocalExecutor
from scdyn_core.runs.slots import Slot
from scdyn_core.runs.store import RunStore
from scdyn_core.runs.supervisor import Supervisor
from scdyn_core.workspace import Workspace
worker = LocalExecutor((sys.executable, "-m", "tests.runs.line_worker"))
Supervisor(RunStore(Workspace.default()), [Slot("CPU")], worker).start()
time.sleep(600)
"""


@pytest.fixture
def app(executor, workspace):
    process = subprocess.Popen([sys.executable, "-c", APP])
    yield process
    process.kill()
    process.wait()


def test_the_worker_of_a_killed_app_stops_at_a_checkpoint(store, app, make_spec):
    run = store.submit(make_spec(**ENDLESS))
    pid = worker_pid(run)
    app.kill()
    app.wait()
    wait_for(lambda: ended(run))
    assert run.state.status == "interrupted"
    assert run.checkpoints
    wait_for(lambda: not psutil.pid_exists(pid))


def test_a_new_app_finds_the_orphans_of_a_machine_that_went_down(store, app, make_spec):
    run = store.submit(make_spec(**ENDLESS))
    pid = worker_pid(run)
    app.kill()
    os.kill(pid, signal.SIGKILL)
    app.wait()
    wait_for(lambda: not psutil.pid_exists(pid))
    assert run.state.status == "running"
    assert [orphan.id for orphan in bury(store)] == [run.id]
    assert run.state.status == "interrupted"
