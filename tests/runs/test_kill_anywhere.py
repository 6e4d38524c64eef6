"""A worker killed at any moment at all leaves a run that can be read and goes on exactly."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pandas as pd
import pytest
from safetensors.numpy import load_file

from scdyn_core.runs.queue import bury_run, claim
from tests.runs.conftest import ROOT

KILLS = 40


class Forks:
    """Workers that start in milliseconds."""

    def __init__(self):
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.runs.fork_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )

    def start(self, run):
        self._server.stdin.write(f"{run.path}\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())

    def wait(self):
        assert self._server.stdout.readline() == "\n"

    def close(self):
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()


@pytest.fixture
def forks(workspace):
    started = Forks()
    yield started
    started.close()


def carry_out(store, forks, run, seconds=None):
    """Let a worker have the run; kill it after ``seconds`` if it is not done by then."""
    assert claim(store, lambda spec: True).id == run.id
    pid = forks.start(run)
    if seconds is not None:
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    forks.wait()
    bury_run(run)


def test_a_worker_killed_at_any_moment_leaves_a_readable_run_that_goes_on(store, forks, make_spec):
    always = {"options": {"checkpoint_seconds": 0}, "epochs": 200, "pause": 0.001}
    whole = store.submit(make_spec(**always))
    carry_out(store, forks, whole)
    length = whole.state.ended - whole.state.started
    killed = store.submit(make_spec(**always))
    chance = random.Random(0)
    reached = []
    for _ in range(KILLS):
        if killed.state.status == "done":
            break
        carry_out(store, forks, killed, chance.uniform(0, length / 3))
        assert [run.id for run in store.runs()] == [killed.id, whole.id]
        assert store.damaged() == []
        assert killed.state.status in ("interrupted", "done"), killed.log()
        assert killed.progress is None or killed.progress.stage
        for path in killed.checkpoints:
            assert load_file(path)
        reached.append(len(killed.metrics()))
        if killed.state.status == "interrupted":
            store.resume(killed)
    if killed.state.status == "queued":
        carry_out(store, forks, killed)
    assert len(reached) > 3
    assert killed.state.status == whole.state.status == "done", killed.log()
    pd.testing.assert_frame_equal(killed.table("weights"), whole.table("weights"), check_exact=True)
    pd.testing.assert_frame_equal(killed.metrics(), whole.metrics(), check_exact=True)
