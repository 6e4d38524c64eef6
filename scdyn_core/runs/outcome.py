"""How a run ended, as an error where it did not end well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scdyn_core.errors import RunError

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run


class Stopped(RunError):
    """The run stopped before it was done, and can go on."""

    def __init__(self, run: Run) -> None:
        super().__init__(
            f"run {run.path.name}",
            found=f"{run.state.status} before it was done",
            needed="the whole run",
            fix=f"Go on with: scdyn resume {run.path}",
        )


def ensure_done(run: Run) -> None:
    """Return if the run is done.

    Raises
    ------
    RunError
        When it failed.
    Stopped
        When it stopped at a checkpoint.
    """
    state = run.state
    if state.status == "failed" and state.error is not None:
        raise RunError(
            state.error["place"],
            found=state.error["found"],
            needed=state.error["needed"],
            fix=state.error["fix"],
        )
    if state.status != "done":
        raise Stopped(run)
