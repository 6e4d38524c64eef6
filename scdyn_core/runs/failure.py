"""How a broken run explains itself: the ``error`` of its state."""

from __future__ import annotations

import errno

from scdyn_core.runs.run import Run


def interruption(run: Run, found: str) -> dict[str, str]:
    """Return the error of a run that was stopped from outside."""
    return {
        "kind": "Interrupted",
        "place": f"run {run.path.name}",
        "found": found,
        "needed": "a worker that lives until the run is done",
        "fix": "Resume the run: it goes on from its last checkpoint.",
    }


def out_of_memory(run: Run) -> dict[str, str]:
    """Return the error of a run that asked for more memory than there is."""
    return {
        "kind": "OutOfMemory",
        "place": f"run {run.path.name}",
        "found": "the memory of this machine or GPU is used up",
        "needed": "less data at once, or more memory",
        "fix": "End other work and resume, or start a run with fewer replicates, genes or cells.",
    }


def disk_full(run: Run) -> dict[str, str]:
    """Return the error of a run that could not write any more."""
    return {
        "kind": "DiskFull",
        "place": f"run {run.path.name}",
        "found": "no space is left on the disk of the run folder",
        "needed": "room for checkpoints and results",
        "fix": "Free space (old runs, the cache) and resume: it goes on from its last checkpoint.",
    }


def unexpected(run: Run, error: Exception) -> dict[str, str]:
    """Return the error of a run that met a case nobody thought of; the log has the rest."""
    reason = str(error).strip().split("\n", 1)[0][:300]
    return {
        "kind": "UnexpectedError",
        "place": f"run {run.path.name}",
        "found": f"{type(error).__name__}: {reason}",
        "needed": "a run without this error",
        "fix": "Read the end of the run's log; if the data are sound, please report it.",
    }


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of Python, numpy or torch (not imported here) says memory ran out."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    told = isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    return told or bool(kinds & {"MemoryError", "OutOfMemoryError"})


def is_disk_full(error: BaseException) -> bool:
    """Whether an error of the system, or of a library that only tells it in words, says so."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return "No space left on device" in str(error)


def worker_crash(run: Run, code: int) -> dict[str, str]:
    """Return the error of a run whose worker ended without saying why."""
    return {
        "kind": "WorkerCrash",
        "place": f"run {run.path.name}",
        "found": f"its worker ended with status {code} and left no result",
        "needed": "a worker that starts and ends in order",
        "fix": "Read the end of the run's log, mend the cause and resume.",
    }
