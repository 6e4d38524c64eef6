"""How much memory a file from outside may claim."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from scdyn_core.errors import ConfigError

#: Reading, checking and converting hold about two copies at once; this leaves room for them.
SHARE_OF_AVAILABLE = 0.4

_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_CGROUP_USED = Path("/sys/fs/cgroup/memory.current")


def memory_budget() -> int:
    """Return the bytes one file may declare.

    ``SCDYN_MEMORY_BUDGET_GB`` sets it; otherwise it is 40 % of the memory that is
    available now, within the limit of the container if there is one.

    Raises
    ------
    ConfigError
        When the variable is not a positive number.
    """
    setting = os.environ.get("SCDYN_MEMORY_BUDGET_GB")
    if setting:
        return _from_setting(setting)
    available = psutil.virtual_memory().available
    limit = _container_limit()
    if limit is not None:
        available = min(available, limit)
    return int(SHARE_OF_AVAILABLE * available)


def in_words(n_bytes: float) -> str:
    """Return a number of bytes for people, such as ``1.6 GB``."""
    for unit in ("B", "KB", "MB", "GB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}" if unit in ("B", "KB") else f"{n_bytes:.1f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} TB"


def _from_setting(setting: str) -> int:
    try:
        gigabytes = float(setting)
    except ValueError:
        gigabytes = 0.0
    if not 0 < gigabytes < 1e6:
        raise ConfigError(
            "SCDYN_MEMORY_BUDGET_GB",
            found=repr(setting),
            needed="a positive number of gigabytes",
            fix="Set it to a number such as 4, or unset it.",
        )
    return int(gigabytes * 1e9)


def _container_limit() -> int | None:
    try:
        limit = _CGROUP_LIMIT.read_text().strip()
        used = int(_CGROUP_USED.read_text())
    except (OSError, ValueError):
        return None
    return None if limit == "max" else max(0, int(limit) - used)
