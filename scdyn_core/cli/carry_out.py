"""A run in this process, stopped by Ctrl-C at a checkpoint."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scdyn_core.cli.output import without_chatter

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
    from scdyn_core.cli.show import print_run
    from scdyn_core.runs.execute import execute
    from scdyn_core.runs.outcome import ensure_done
    from scdyn_core.runs.reporter import RunReporter
    from scdyn_core.runs.rich_reporter import RichReporter
    from scdyn_core.runs.store import RunStore
    from scdyn_core.workspace import Workspace

    RunStore(Workspace.default()).adopt(run.path)
    with (
        RunReporter(run) as inner,
        _stopped_by_signals(inner),
        without_chatter(),
        RichReporter(inner, quiet=as_json) as reporter,
    ):
        execute(run, reporter, dataset)
    ensure_done(run)
    print_run(run, as_json)
    return 0


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
