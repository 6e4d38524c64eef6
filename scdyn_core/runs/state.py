"""The state of a run: the contents of ``state.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
#: States that nothing is working on any more.
ENDED: frozenset[Status] = frozenset({"done", "failed", "cancelled", "interrupted"})
#: States from which a run can go on.
RESUMABLE: frozenset[Status] = frozenset({"failed", "cancelled", "interrupted"})


class RunState(BaseModel):
    """Where a run is. Written by its owner only: the queue, then the worker, then who buries it.

    Times are seconds since the epoch (UTC).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    created: float
    started: float | None = None
    ended: float | None = None
    pid: int | None = None
    process_started: float | None = None
    host: str | None = None
    error: dict[str, str] | None = None


class Progress(BaseModel):
    """How far a running worker is: the contents of ``progress.json``, also its heartbeat."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    done: float
    total: float
    message: str = ""
    eta_seconds: float | None = None
    heartbeat: float
