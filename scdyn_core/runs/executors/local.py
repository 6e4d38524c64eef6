"""A worker process on this machine, watched until it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from scdyn_core.runs.failure import worker_crash
from scdyn_core.runs.queue import bury_run
from scdyn_core.runs.run import Run
from scdyn_core.runs.writer import RunWriter

WATCH_SECONDS = 0.2
#: From the first SIGTERM to SIGKILL: with starting and burying a cancel ends within 5 seconds.
TERMINATION_SECONDS = 3.5


@dataclass(frozen=True)
class LocalExecutor:
    """Starts the worker in a process group of its own and sees it to its end."""

    command: tuple[str, ...] = (sys.executable, "-m", "scdyn_core.runs.worker")

    def __call__(self, run: Run, environment: Mapping[str, str], stopping: threading.Event) -> None:
        """Carry out ``run``; on a cancel or ``stopping``: SIGTERM, then SIGKILL."""
        process = self._start(run, environment)
        while process.poll() is None:
            if run.gone:
                _kill(process)
                break
            if run.cancel_requested or stopping.is_set():
                _terminate(process)
                break
            with suppress(subprocess.TimeoutExpired):
                process.wait(WATCH_SECONDS)
        _settle(run, process)

    def _start(self, run: Run, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with (run.path / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [*self.command, str(run.path), "--parent-pid", str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
                start_new_session=True,
            )


def _terminate(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + TERMINATION_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(subprocess.TimeoutExpired):
            process.wait(WATCH_SECONDS)
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _settle(run: Run, process: subprocess.Popen[bytes]) -> None:
    """Write the end of a run whose worker could not do it itself."""
    if run.gone:
        # Whoever deleted the folder may have missed what the worker wrote at that moment.
        shutil.rmtree(run.path, ignore_errors=True)
        return
    state = run.state
    # The run may already have been buried, resumed and taken by somebody else.
    if state.status != "running" or state.pid not in (process.pid, os.getpid()):
        return
    if process.returncode < 0 or run.cancel_requested:
        name = signal.Signals(-process.returncode).name if process.returncode < 0 else "cancel"
        bury_run(run, f"its worker was ended by {name}, most often because memory ran out")
    else:
        RunWriter(run).end("failed", worker_crash(run, process.returncode))
