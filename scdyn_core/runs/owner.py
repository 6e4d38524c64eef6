"""Who works on a run: this process, named so that others can tell whether it lives."""

from __future__ import annotations

import os
import platform
import time

import psutil

from scdyn_core.runs.state import RunState


def running_here(created: float) -> RunState:
    """Return the state of a run, made at ``created``, that this process starts now."""
    process = psutil.Process(os.getpid())
    return RunState(
        status="running",
        created=created,
        started=time.time(),
        pid=process.pid,
        process_started=process.create_time(),
        host=platform.node(),
    )
