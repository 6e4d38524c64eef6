"""A bundle from elsewhere becomes a run of this workspace."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from pathlib import Path

from scdyn_core.data.budget import memory_budget
from scdyn_core.data.isolated import ask
from scdyn_core.data.record import DATA_FILE
from scdyn_core.errors import InputError
from scdyn_core.runs.asked import experiment_of, method_of
from scdyn_core.runs.bundles.layout import MANIFEST, Manifest
from scdyn_core.runs.run import STAMPED, Run, stamp
from scdyn_core.workspace import Workspace


def import_bundle(path: Path, workspace: Workspace, *, budget: int | None = None) -> Run:
    """Check a bundle as one checks a file from a stranger, and add its run to the workspace.

    Every file in it is read and written anew in a process of its own. The run keeps its id unless
    that is taken. Its data are found if a dataset with the same fingerprint is or will be stored
    here; without them it can be looked at, but not be exported as .h5ad.

    Parameters
    ----------
    budget
        Bytes of all files together, unpacked; by default :func:`memory_budget`.

    Raises
    ------
    InputError
        When it is no bundle, or holds anything that a bundle does not.
    ScdynError
        When its method or configuration is none that this version has.
    """
    workspace.runs.mkdir(parents=True, exist_ok=True)
    building = workspace.runs / f".new-{secrets.token_hex(6)}"
    building.mkdir()
    try:
        request = {
            "path": str(path.resolve()),
            "folder": str(building),
            "budget": memory_budget() if budget is None else budget,
        }
        error = ask("scdyn_core.runs.bundles.worker", path, request)
        if error is not None:
            raise InputError(
                error["place"], found=error["found"], needed=error["needed"], fix=error["fix"]
            )
        wanted = Manifest.model_validate_json((building / MANIFEST).read_bytes()).run
        (building / MANIFEST).unlink()
        _point_to_data(building, workspace)
        _check_asked(Run.open(building))
        return Run.open(_land(building, wanted, workspace))
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


def _land(building: Path, wanted: str, workspace: Workspace) -> Path:
    """Give the folder its place, under its own id if nothing here has it."""
    taken = [
        workspace.runs / wanted,
        workspace.runs / f"{wanted}.link",
        workspace.runs / ".trash" / wanted,
        workspace.runs / ".trash" / f"{wanted}.link",
    ]
    kept = STAMPED.fullmatch(wanted) and not any(place.exists() for place in taken)
    target = workspace.runs / (wanted if kept else stamp())
    building.rename(target)
    return target
