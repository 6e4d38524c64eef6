"""The writing side of a run folder, used by the queue and by the worker."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from scdyn_core.evaluation.score import Score
from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.owner import running_here
from scdyn_core.runs.run import Run
from scdyn_core.runs.state import RunState, Status

_SCORES = TypeAdapter(list[Score])


class RunWriter:
    """Writes one run's folder; every file is replaced at once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.path = run.path

    def set_state(self, state: RunState) -> None:
        """Replace the state."""
        write_text(self.path / "state.json", state.model_dump_json())

    def queue(self) -> None:
        """Put the run back into the queue; forget its old progress and wish to be cancelled."""
        for name in ("cancel", "progress.json"):
            (self.path / name).unlink(missing_ok=True)
        self.set_state(RunState(status="queued", created=self.run.state.created))

    def start(self) -> None:
        """Mark the run as running in this process."""
        self.set_state(running_here(self.run.state.created))

    def end(self, status: Status, error: dict[str, str] | None = None) -> None:
        """Mark the run as ended, on a full disk in the place of its progress."""
        changes = {"status": status, "ended": time.time(), "error": error}
        state = self.run.state.model_copy(update=changes)
        try:
            self.set_state(state)
        except OSError:
            (self.path / "progress.json").unlink(missing_ok=True)
            self.set_state(state)

    def json(self, name: str, value: Any) -> None:
        """Replace the JSON file ``name``."""
        write_text(self.path / name, json.dumps(value, indent=1))

    def scores(self, scores: Sequence[Score]) -> None:
        """Store the scores."""
        text = _SCORES.dump_json(list(scores), indent=1).decode()
        write_text(self.path / "scores.json", text)
