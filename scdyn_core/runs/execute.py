"""Carry out one run in this process, and leave its folder in an honest state."""

from __future__ import annotations

import traceback

from filelock import FileLock, Timeout

from scdyn_core.errors import RunError, ScdynError
from scdyn_core.reporter import Cancelled, Reporter
from scdyn_core.runs.failure import interruption, is_out_of_memory, out_of_memory, unexpected
from scdyn_core.runs.run import Run
from scdyn_core.runs.state import RunState, Status
from scdyn_core.runs.writer import RunWriter

STOPPED = "it was asked to stop before it was done"


def execute(run: Run, reporter: Reporter) -> RunState:
    """Do the run and return its last state; what goes wrong ends up there and in the log.

    Raises
    ------
    RunError
        When another process is at work on this run.
    """
    lock = FileLock(run.path / ".lock", timeout=5)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(
            f"run {run.path.name}",
            found="another process at work on this run",
            needed="one worker for a run",
            fix="Wait until it is done, or cancel it.",
        ) from None
    try:
        writer = RunWriter(run)
        writer.start()
        status, failure = _attempt(run, reporter)
        reporter.log(status if failure is None else f"{status}: {failure['found']}")
        writer.end(status, failure)
    finally:
        lock.release()
    return run.state


def _attempt(run: Run, reporter: Reporter) -> tuple[Status, dict[str, str] | None]:
    try:
        from scdyn_core.runs.work import work

        work(run, reporter)
    except (Cancelled, KeyboardInterrupt):
        if run.cancel_requested:
            return "cancelled", None
        return "interrupted", interruption(run, STOPPED)
    except ScdynError as error:
        return "failed", error.as_dict()
    except Exception as error:
        reporter.log(traceback.format_exc())
        if is_out_of_memory(error):
            return "interrupted", out_of_memory(run)
        return "failed", unexpected(run, error)
    return "done", None
