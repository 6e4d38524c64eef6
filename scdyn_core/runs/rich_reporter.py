"""Progress bars on a terminal or in a notebook for long work."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from scdyn_core.reporter import Reporter


class RichReporter:
    """Draws a bar per stage on standard error and passes everything on; a context manager.

    Parameters
    ----------
    inner
        Who else listens, and decides about cancelling.
    quiet
        Draw nothing.
    """

    def __init__(self, inner: Reporter, *, quiet: bool) -> None:
        self._inner = inner
        console = Console(stderr=True, highlight=False)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[message]}", markup=False),
            console=console,
            disable=quiet or not (console.is_terminal or console.is_jupyter),
        )
        self._stages: dict[str, TaskID] = {}

    def __enter__(self) -> RichReporter:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Move the bar of ``stage``."""
        self._inner.progress(stage, done, total, message)
        if stage not in self._stages:
            self._stages[stage] = self._bars.add_task(stage, total=total, message=message)
        self._bars.update(self._stages[stage], completed=done, total=total, message=message)

    def metrics(self, row: dict[str, float | int | str]) -> None:
        """Pass the row on: the bars have no room for every term."""
        self._inner.metrics(row)

    def log(self, line: str) -> None:
        """Pass the line on; it is in the run's log."""
        self._inner.log(line)

    def cancelled(self) -> bool:
        """Ask the inner reporter."""
        return self._inner.cancelled()
