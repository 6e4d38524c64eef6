"""A process of its own for work on an untrusted file: what it does there costs that file only.

Files are read with compiled libraries, and a file built to break those can make them crash,
hang or take memory without end.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError
from scdyn_core.reporter import Reporter, SilentReporter, raise_if_cancelled

_ROOT = Path(__file__).resolve().parents[2]
_LEAST_SECONDS = 60.0
#: Between two looks whether the work is still wanted.
_LOOK_SECONDS = 0.2
_SLOWEST_BYTES_PER_SECOND = 2e6


def ask(
    module: str,
    path: Path,
    request: Mapping[str, Any],
    timeout: float | None = None,
    reporter: Reporter | None = None,
) -> Any:
    """Run ``module`` in a new process with ``request`` and return its answer.

    Parameters
    ----------
    module
        A module whose ``__main__`` calls :func:`answer`.
    path
        The file in question.
    request
        What the process gets, as JSON.
    timeout
        Seconds; by default one minute, and longer for large files.
    reporter
        Asked again and again whether the work is still wanted.

    Raises
    ------
    InputError
        When the process crashed, hung or ended without an answer.
    Cancelled
        When the reporter says so; the process is ended.
    """
    if timeout is None:
        timeout = _LEAST_SECONDS + _size(path) / _SLOWEST_BYTES_PER_SECOND
    with tempfile.TemporaryDirectory(prefix="scdyn-") as folder:
        reply = Path(folder) / "answer.json"
        question = json.dumps({**request, "reply": str(reply)})
        finished = _finished(module, question, timeout, reporter or SilentReporter())
        if finished is None:
            raise _broken(path, f"reading it did not end within {timeout:.0f} seconds")
        if not reply.is_file():
            raise _broken(path, _ending(finished))
        return json.loads(reply.read_text(encoding="utf-8"))


def _finished(
    module: str, question: str, timeout: float, reporter: Reporter
) -> subprocess.CompletedProcess[str] | None:
    """Run the process to its end; ``None`` where that took too long."""
    command = [sys.executable, "-P", "-m", module]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=_environment()
    ) as process:
        end = time.monotonic() + timeout
        given: str | None = question
        try:
            while (left := end - time.monotonic()) > 0:
                raise_if_cancelled(reporter)
                try:
                    said, complaints = process.communicate(given, min(left, _LOOK_SECONDS))
                except subprocess.TimeoutExpired:
                    given = None  # what was not written yet is written on
                else:
                    return subprocess.CompletedProcess(
                        command, process.returncode, said, complaints
                    )
            return None
        finally:
            process.kill()


def answer(work: Callable[[dict[str, Any]], Any]) -> None:
    """Answer the request on standard input with what ``work`` returns; for the process asked."""
    request = json.load(sys.stdin)
    reply = Path(request.pop("reply"))
    reply.write_text(json.dumps(work(request)), encoding="utf-8")


def limit_memory(n_bytes: int) -> None:
    """Let this process have no more address space than ``n_bytes``."""
    # macOS has no such limit; there the preflight and the budget stand alone.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))


def _environment() -> dict[str, str]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _ending(finished: subprocess.CompletedProcess[str]) -> str:
    if finished.returncode < 0:
        return f"reading it crashed ({signal.Signals(-finished.returncode).name})"
    last = (finished.stderr.strip().splitlines() or ["no reason given"])[-1]
    return f"reading it failed ({clean_text(last)})"


def _broken(path: Path, found: str) -> InputError:
    return InputError(
        clean_text(path.name),
        found=found,
        needed="a file that can be read within its memory budget",
        fix="The file is damaged or built to do harm: copy it again, or save it anew where it "
        "was made. Nothing else is affected.",
    )
