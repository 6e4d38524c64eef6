"""Carry out one run in this process, and leave its folder in an honest state."""

from __future__ import annotations

import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from scdyn_core.errors import RunError, ScdynError
from scdyn_core.reporter import Cancelled, Reporter
from scdyn_core.runs.failure import (
    disk_full,
    interruption,
    is_disk_full,
    is_out_of_memory,
    out_of_memory,
    unexpected,
)
from scdyn_core.runs.run import Run
from scdyn_core.runs.state import RunState, Status
from scdyn_core.runs.writer import RunWriter

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset

#: A worker that is ending gives its lock back in less.
LOCK_SECONDS = 5.0
STOPPED = "it was asked to stop before it was done"


def execute(run: Run, reporter: Reporter, dataset: Dataset | None = None) -> RunState:
    """Do the run and return its last state; what goes wrong ends up there and in the log.

    Parameters
    ----------
    dataset
        The data of the run, where the caller has just read them.

    Raises
    ------
    RunError
        When another process is at work on this run.
    """
    lock = FileLock(run.path / ".lock", timeout=LOCK_SECONDS)
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
        status, failure = _attempt(run, reporter, dataset)
        with suppress(OSError):
            reporter.log(status if failure is None else f"{status}: {failure['found']}")
        writer.end(status, failure)
    finally:
        lock.release()
    return run.state


def _attempt(
    run: Run, reporter: Reporter, dataset: Dataset | None
) -> tuple[Status, dict[str, str] | None]:
    try:
        from scdyn_core.runs.work import work

        work(run, reporter, dataset)
    except (Cancelled, KeyboardInterrupt):
        if run.cancel_requested:
            return "cancelled", None
        return "interrupted", interruption(run, STOPPED)
    except ScdynError as error:
        return "failed", error.as_dict()
    except Exception as error:
        # A full disk must not keep the state from saying so.
        with suppress(OSError):
            reporter.log(traceback.format_exc())
        if is_disk_full(error):
            return "failed", disk_full(run)
        if is_out_of_memory(error):
            return "interrupted", out_of_memory(run)
        return "failed", unexpected(run, error)
    return "done", None
