"""A bundle from elsewhere becomes a run of this workspace."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil
import time
from pathlib import Path

from scdyn_core.data.budget import memory_budget
from scdyn_core.data.isolated import ask
from scdyn_core.data.record import DATA_FILE
from scdyn_core.errors import InputError
from scdyn_core.reporter import Reporter, SilentReporter, raise_if_cancelled
from scdyn_core.runs.asked import experiment_of, method_of
from scdyn_core.runs.bundles.layout import MANIFEST, Manifest
from scdyn_core.runs.run import STAMPED, Run, stamp
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace

_UNFINISHED = ".new-"
#: No import takes so long: whoever made a folder of this age was killed.
_ABANDONED_SECONDS = 86_400.0


def import_bundle(
    path: Path,
    workspace: Workspace,
    reporter: Reporter | None = None,
    *,
    budget: int | None = None,
) -> Run:
    """Check a bundle as one checks a file from a stranger, and add its run to the workspace.

    Every file in it is read and written anew in a process of its own. The run keeps its id unless
    that is taken. Its data are found if a dataset with the same fingerprint is or will be stored
    here; without them it can be looked at, but not be exported as .h5ad.

    Parameters
    ----------
    reporter
        Asked again and again whether the run is still wanted.
    budget
        Bytes of all files together, unpacked; by default :func:`memory_budget`.

    Raises
    ------
    InputError
        When it is no bundle, or holds anything that a bundle does not.
    ScdynError
        When its method or configuration is none that this version has.
    Cancelled
        When the reporter says so; nothing is left behind.
    """
    reporter = reporter or SilentReporter()
    reporter.progress("checking", 0, 1, path.name)
    workspace.runs.mkdir(parents=True, exist_ok=True)
    _clear_away(workspace.runs)
    building = workspace.runs / f"{_UNFINISHED}{secrets.token_hex(6)}"
    building.mkdir()
    try:
        request = {
            "path": str(path.resolve()),
            "folder": str(building),
            "budget": memory_budget() if budget is None else budget,
        }
        error = ask("scdyn_core.runs.bundles.worker", path, request, reporter=reporter)
        if error is not None:
            raise InputError(
                error["place"], found=error["found"], needed=error["needed"], fix=error["fix"]
            )
        wanted = Manifest.model_validate_json((building / MANIFEST).read_bytes()).run
        (building / MANIFEST).unlink()
        _point_to_data(building, workspace)
        _check_asked(Run.open(building))
        raise_if_cancelled(reporter)
        run = Run.open(_land(building, wanted, workspace))
        reporter.progress("checking", 1, 1, path.name)
        return run
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _point_to_data(folder: Path, workspace: Workspace) -> None:
    """Let the run read its data where a dataset with their fingerprint is stored here."""
    file = folder / "config.json"
    spec = json.loads(file.read_bytes())
    identifier = spec["dataset"]["fingerprint"][:16]
    assert re.fullmatch(r"[0-9a-f]{16}", identifier)
    spec["dataset"]["path"] = str(workspace.datasets / identifier / DATA_FILE)
    file.write_text(json.dumps(spec, indent=1), encoding="utf-8")


def _check_asked(run: Run) -> None:
    method_of(run.spec)
    if run.spec.kind == "experiment":
        experiment_of(run.spec)


def _clear_away(runs: Path) -> None:
    """Delete what imports left that were killed long ago."""
    for folder in runs.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(folder)


def _land(building: Path, wanted: str, workspace: Workspace) -> Path:
    """Give the folder its place, under its own id if nothing here has it."""
    taken = [
        workspace.runs / wanted,
        workspace.runs / f"{wanted}.link",
        workspace.runs / ".trash" / wanted,
        workspace.runs / ".trash" / f"{wanted}.link",
    ]
    # Of two imports of one run at once, one has the id first.
    with RunStore(workspace).lock():
        kept = STAMPED.fullmatch(wanted) and not any(place.exists() for place in taken)
        target = workspace.runs / (wanted if kept else stamp())
        building.rename(target)
    return target
