"""What a run ran on: the contents of ``env.json``."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import scdyn_core
from scdyn_core.runs.threads import available_cores

PACKAGES = (
    "scdyn", "torch", "numpy", "scipy", "pandas", "anndata", "scanpy", "scvelo", "scikit-learn",
    "pydantic",
)  # fmt: skip


def describe_environment(device: str) -> dict[str, Any]:
    """Return versions, machine, device, threads and the commit of the code."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "host": platform.node(),
        "cores": available_cores(),
        "threads": os.environ.get("OMP_NUM_THREADS"),
        "device": device,
        "packages": {name: _version(name) for name in PACKAGES},
        "git": _commit(),
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _commit() -> str | None:
    """Return the commit, marked when files differ from it; ``None`` outside a checkout."""
    root = Path(scdyn_core.__file__).parent.parent
    if not (root / ".git").exists():
        return None
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
