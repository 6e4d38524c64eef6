"""A run in this process, stopped by Ctrl-C at a checkpoint."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scdyn_core.cli.output import without_chatter
from scdyn_core.errors import RunError

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset
    from scdyn_core.runs.reporter import RunReporter
    from scdyn_core.runs.run import Run


def carry_out(run: Run, as_json: bool, dataset: Dataset | None = None) -> int:
    """Do the run, print it when it is done, and return the exit status.

    Raises
    ------
    RunError
        When it failed.
    Stopped
        When Ctrl-C or a cancel stopped it at a checkpoint.
    """
    from scdyn_core.cli.rich_reporter import RichReporter
    from scdyn_core.cli.show import print_run
    from scdyn_core.runs.execute import execute
    from scdyn_core.runs.reporter import RunReporter
    from scdyn_core.runs.store import RunStore
    from scdyn_core.workspace import Workspace

    RunStore(Workspace.default()).adopt(run.path)
    with (
        RunReporter(run) as inner,
        _stopped_by_signals(inner),
        without_chatter(),
        RichReporter(inner, quiet=as_json) as reporter,
    ):
        state = execute(run, reporter, dataset)
    if state.status == "failed" and state.error is not None:
        raise RunError(
            state.error["place"],
            found=state.error["found"],
            needed=state.error["needed"],
            fix=state.error["fix"],
        )
    if state.status != "done":
        raise Stopped(run)
    print_run(run, as_json)
    return 0


class Stopped(RunError):
    """The run stopped before it was done, and can go on."""

    def __init__(self, run: Run) -> None:
        super().__init__(
            f"run {run.path.name}",
            found=f"{run.state.status} before it was done",
            needed="the whole run",
            fix=f"Go on with: scdyn resume {run.path}",
        )


@contextmanager
def _stopped_by_signals(reporter: RunReporter) -> Iterator[None]:
    """Make the first Ctrl-C stop at a checkpoint and the second stop at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        reporter.stop()

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
