"""What long work tells the outside: stage, progress, metrics, log lines; and hears: cancel."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):
    """Raised inside long work when the user asked it to stop."""


class Reporter(Protocol):
    """The listener of long work. Implementations write files, draw bars or do nothing."""

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Say how far ``stage`` is: ``done`` of ``total`` units."""

    def metrics(self, row: dict[str, float | int | str]) -> None:
        """Record one row of training metrics."""

    def log(self, line: str) -> None:
        """Record one line for people."""

    def cancelled(self) -> bool:
        """Whether the work should stop at its next safe point."""


class SilentReporter:
    """Says nothing and is never cancelled."""

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Ignore progress."""

    def metrics(self, row: dict[str, float | int | str]) -> None:
        """Ignore metrics."""

    def log(self, line: str) -> None:
        """Ignore a log line."""

    def cancelled(self) -> bool:
        """Never."""
        return False


def raise_if_cancelled(reporter: Reporter) -> None:
    """Raise ``Cancelled`` when ``reporter`` says the user asked for it."""
    if reporter.cancelled():
        raise Cancelled
