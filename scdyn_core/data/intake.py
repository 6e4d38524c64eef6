"""Loading of an untrusted file in a process of its own."""

from __future__ import annotations

from pathlib import Path

from scdyn_core.data.budget import memory_budget
from scdyn_core.data.findings import Report
from scdyn_core.data.isolated import ask
from scdyn_core.data.record import RECORD_FILE, DatasetRecord
from scdyn_core.data.rejected import RejectedData
from scdyn_core.errors import InputError
from scdyn_core.reporter import Reporter


def take_in(
    path: Path,
    folder: Path,
    name: str | None,
    budget_bytes: int | None,
    *,
    atlases: Path | None = None,
    timeout: float | None = None,
    reporter: Reporter | None = None,
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
    atlases
        Where the atlas of the data goes, under its key; none is written without it.
    timeout
        Seconds; by default one minute, and longer for large files.
    reporter
        Asked again and again whether the work is still wanted.

    Raises
    ------
    InputError
        What ``load`` raised; or that reading crashed, hung or ran out of memory.
    Cancelled
        When the reporter says so.
    """
    budget = memory_budget() if budget_bytes is None else budget_bytes
    request = {
        "path": str(path),
        "folder": str(folder),
        "name": name,
        "budget": budget,
        "atlases": None if atlases is None else str(atlases),
    }
    error = ask("scdyn_core.data.intake_worker", path, request, timeout, reporter)
    if error is not None:
        raise _as_raised(error)
    return DatasetRecord.model_validate_json((folder / RECORD_FILE).read_text(encoding="utf-8"))


def _as_raised(error: dict[str, str]) -> InputError:
    if "report" in error:
        return RejectedData(error["place"], Report.model_validate_json(error["report"]))
    return InputError(
        error["place"], found=error["found"], needed=error["needed"], fix=error["fix"]
    )
