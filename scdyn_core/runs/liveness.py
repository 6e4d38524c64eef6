"""Whether somebody still works on a run: pid, start time of the process, heartbeat."""

from __future__ import annotations

import platform
import time

import psutil

from scdyn_core.runs.run import Run
from scdyn_core.runs.state import RunState

#: A run on another machine counts as dead after this long without a heartbeat.
SILENCE_SECONDS = 120.0
#: Start times of one process read twice differ by less; a reused pid differs by more.
START_TOLERANCE_SECONDS = 2.0


def is_alive(run: Run) -> bool:
    """Return whether the process that a running run names is there.

    On this machine the process table decides; a run on another machine of a shared file
    system is judged by its heartbeat.
    """
    state = run.state
    if state.host != platform.node():
        progress = run.progress
        last = max(progress.heartbeat if progress else 0.0, state.started or 0.0)
        return time.time() - last < SILENCE_SECONDS
    return _process_exists(state)


def _process_exists(state: RunState) -> bool:
    if state.pid is None or state.process_started is None:
        return False
    try:
        process = psutil.Process(state.pid)
        same = abs(process.create_time() - state.process_started) < START_TOLERANCE_SECONDS
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
