"""Who works on what: taking waiting runs, and burying those whose worker is gone."""

from __future__ import annotations

from collections.abc import Callable

from scdyn_core.runs.failure import interruption
from scdyn_core.runs.liveness import is_alive
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import RunSpec
from scdyn_core.runs.store import RunStore
from scdyn_core.runs.writer import RunWriter

GONE = "the process that worked on it is gone: killed, out of memory, or the machine restarted"


def claim(store: RunStore, accepts: Callable[[RunSpec], bool]) -> Run | None:
    """Take the run that has waited longest, or ``None``; no other process gets it too."""
    if not any(run.state.status == "queued" for run in store.runs()):
        return None
    with store.lock():
        for run in reversed(store.runs()):
            if run.state.status == "queued" and not run.cancel_requested and accepts(run.spec):
                RunWriter(run).start()
                return run
    return None


def bury(store: RunStore) -> list[Run]:
    """End the runs that nobody works on any more, and the waiting ones that were cancelled."""
    buried = []
    with store.lock():
        for run in store.runs():
            status = run.state.status
            if status == "queued" and run.cancel_requested:
                RunWriter(run).end("cancelled")
            elif status == "running" and not is_alive(run) and bury_run(run):
                buried.append(run)
    return buried


def bury_run(run: Run, found: str = GONE) -> bool:
    """End a run whose worker is dead; return whether the worker had not done so itself.

    A run the user asked to stop becomes cancelled, any other interrupted; both can be resumed.
    """
    if run.state.status != "running":
        return False
    if run.cancel_requested:
        RunWriter(run).end("cancelled")
    else:
        RunWriter(run).end("interrupted", interruption(run, found))
    return True
