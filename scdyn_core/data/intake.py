"""Loading of an untrusted file in a process of its own.

The checks read the file with compiled libraries, and a file built to break those can make
them crash, hang or take memory without end. In a process of its own that costs this one file.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from scdyn_core.data.budget import memory_budget
from scdyn_core.data.findings import Report
from scdyn_core.data.record import RECORD_FILE, DatasetRecord
from scdyn_core.data.rejected import RejectedData
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

ANSWER_FILE = "answer.json"
_ROOT = Path(__file__).resolve().parents[2]
_LEAST_SECONDS = 60.0
_SLOWEST_BYTES_PER_SECOND = 2e6


def take_in(
    path: Path,
    folder: Path,
    name: str | None,
    budget_bytes: int | None,
    *,
    timeout: float | None = None,
) -> DatasetRecord:
    """Load ``path`` in a new process, which writes the checked data into ``folder``.

    Parameters
    ----------
    path
        A file or folder from outside.
    folder
        Empty; gets the data and the record.
    name
        For people; by default the name of the file.
    budget_bytes
        Memory the contents may take; by default :func:`memory_budget`.
    timeout
        Seconds; by default one minute, and longer for large files.

    Raises
    ------
    InputError
        What ``load`` raised; or that reading crashed, hung or ran out of memory.
    """
    budget = memory_budget() if budget_bytes is None else budget_bytes
    request = {"path": str(path), "folder": str(folder), "name": name, "budget": budget}
    if timeout is None:
        timeout = _LEAST_SECONDS + _size(path) / _SLOWEST_BYTES_PER_SECOND
    try:
        finished = subprocess.run(
            [sys.executable, "-P", "-m", "scdyn_core.data.intake_worker"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=timeout,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _broken(path, f"reading it did not end within {timeout:.0f} seconds") from error
    answer = folder / ANSWER_FILE
    if not answer.is_file():
        raise _broken(path, _ending(finished))
    said = json.loads(answer.read_text(encoding="utf-8"))
    answer.unlink()
    if said["error"] is not None:
        raise _as_raised(said["error"])
    return DatasetRecord.model_validate_json((folder / RECORD_FILE).read_text(encoding="utf-8"))


def _environment() -> dict[str, str]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _as_raised(error: dict[str, str]) -> InputError:
    if "report" in error:
        return RejectedData(error["place"], Report.model_validate_json(error["report"]))
    return InputError(
        error["place"], found=error["found"], needed=error["needed"], fix=error["fix"]
    )


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
