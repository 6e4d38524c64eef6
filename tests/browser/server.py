"""The real app on a free local port, and the Chromium that looks at it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dashboard._ui.tour_seen import mark_seen
from scdyn_core.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@dataclass(frozen=True)
class RunningApp:
    """A dashboard that answers at ``url`` and keeps its files in ``home``."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def running_app(home: Path) -> Iterator[RunningApp]:
    """Start the dashboard with ``home`` as its home, and end it afterwards.

    Whoever visits it has seen the tour; forget it to be a first visitor.
    """
    mark_seen(Workspace(home))
    port = _free_port()
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", "app.py",
            f"--server.port={port}", "--server.headless=true",
        ],
        cwd=ROOT,
        env={**os.environ, "SCDYN_HOME": str(home)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        url = f"http://localhost:{port}"
        _wait_for(f"{url}/_stcore/health", process)
        yield RunningApp(url, home, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def chromium_path() -> str | None:
    """Return a browser that is there; ``None`` lets Playwright take its own."""
    named = os.environ.get("SCDYN_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("google-chrome")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the app ended at once with code {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not answer within {START_SECONDS} s")
