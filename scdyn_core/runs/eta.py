"""How long the rest of a stage takes, from its pace so far."""

from __future__ import annotations

import time

from scdyn_core.runs.state import Progress


class Pace:
    """Follows one stage after another; a resumed stage counts only what it did since."""

    def __init__(self) -> None:
        self._stage = ""
        self._since = 0.0
        self._first = 0.0

    def progress(self, stage: str, done: float, total: float, message: str = "") -> Progress:
        """Return the progress with the seconds that are left, once they can be told."""
        now = time.monotonic()
        if stage != self._stage or done < self._first:
            self._stage, self._since, self._first = stage, now, done
        advanced = done - self._first
        remaining = (total - done) * (now - self._since) / advanced if advanced > 0 else None
        return Progress(
            stage=stage,
            done=done,
            total=total,
            message=message,
            eta_seconds=remaining,
            heartbeat=time.time(),
        )
