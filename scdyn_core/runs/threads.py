"""How many CPU threads a run uses. Must be settled before numpy or torch is imported."""

from __future__ import annotations

import os

VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def available_cores() -> int:
    """Return the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_threads(wanted: int) -> int:
    """Give the numeric libraries ``wanted`` threads; 0 leaves one core to the dashboard.

    Returns
    -------
    int
        The number set, at least 1.
    """
    count = wanted or max(1, available_cores() - 1)
    for variable in VARIABLES:
        os.environ[variable] = str(count)
    return count
