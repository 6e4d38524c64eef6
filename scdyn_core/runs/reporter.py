"""The reporter of a worker: writes metrics, log and progress into the run folder."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from types import TracebackType

from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.eta import Pace
from scdyn_core.runs.metrics import encode_row, keep_rows_before
from scdyn_core.runs.run import Run
from scdyn_core.runs.state import Progress

HEARTBEAT_SECONDS = 1.0
#: The flag file is looked for at most this often: epochs may take less than a millisecond.
LOOK_SECONDS = 0.1


class RunReporter:
    """A ``Reporter`` that writes files; use it as a context manager.

    A thread of its own writes ``progress.json`` every second with the latest progress, which
    makes it the heartbeat as well and keeps disk writes out of the training loop.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._pace = Pace()
        self._latest = Progress(stage="starting", done=0, total=1, heartbeat=time.time())
        self._stopped = threading.Event()
        self._closing = threading.Event()
        self._looked = 0.0
        self._rewound = False
        self._heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> RunReporter:
        self._metrics = (self._run.path / "metrics.jsonl").open("a", encoding="utf-8", buffering=1)
        self._log = (self._run.path / "log.txt").open("a", encoding="utf-8", buffering=1)
        self._heart.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._heart.join()
        for file in (self._metrics, self._log):
            # What a full disk kept back is lost either way.
            with suppress(OSError):
                file.close()

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Keep the progress for the next heartbeat."""
        self._latest = self._pace.progress(stage, done, total, message)

    def metrics(self, row: dict[str, float | int | str]) -> None:
        """Append a row; the first one after a resume replaces what was written past it."""
        if not self._rewound:
            self._rewound = True
            self.truncate_metrics(float(row.get("epoch_total", 0)))
        self._metrics.write(encode_row(row))

    def truncate_metrics(self, epoch_total: float) -> None:
        """Drop the rows of ``epoch_total`` and later, and a torn last line."""
        path = self._run.path / "metrics.jsonl"
        self._metrics.close()
        keep_rows_before(path, epoch_total)
        self._metrics = path.open("a", encoding="utf-8", buffering=1)

    def log(self, line: str) -> None:
        """Append a line with the time (UTC)."""
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        self._log.write(f"{stamp}  {line.rstrip()}\n")

    def cancelled(self) -> bool:
        """Whether ``stop`` was called or the run's cancel flag is there."""
        if self._stopped.is_set():
            return True
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return False
        self._looked = now
        if self._run.cancel_requested:
            self._stopped.set()
        return self._stopped.is_set()

    def stop(self) -> None:
        """Make ``cancelled`` true; safe in a signal handler."""
        self._stopped.set()

    def _beat(self) -> None:
        closing = False
        while not closing:
            closing = self._closing.wait(HEARTBEAT_SECONDS)
            latest = self._latest.model_copy(update={"heartbeat": time.time()})
            # A full disk shows in the run itself; the heart must not stop for it.
            with suppress(OSError):
                write_text(self._run.path / "progress.json", latest.model_dump_json())
