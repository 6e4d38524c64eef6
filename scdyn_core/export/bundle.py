"""A finished run as one zip file, which another scdyn imports."""

from __future__ import annotations

import json
import zipfile
from importlib import metadata
from pathlib import Path

from scdyn_core.errors import RunError
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.atomic import replacing
from scdyn_core.runs.bundles.layout import FORMAT, KINDS, MANIFEST, TENSORS, Manifest, files_of
from scdyn_core.runs.run import Run

#: The one folder in the file; a run folder may be called anything, this not.
_TOP = "run"


def export_bundle(run: Run, path: Path, reporter: Reporter, *, with_data: bool = False) -> Path:
    """Write a run as a zip file: what was asked, what was found, the trained model.

    Parameters
    ----------
    with_data
        Add the values of cells or genes the model was trained on: somebody who has them can
        explain the model further, and has the data.

    Raises
    ------
    RunError
        When the run is no finished training, experiment or check.
    Cancelled
        When the reporter says so; nothing is left behind.
    """
    if run.spec.kind not in KINDS or run.state.status != "done":
        raise RunError(
            f"run {run.path.name}",
            found=f"a run of kind {run.spec.kind} that is {run.state.status}",
            needed="a finished training or experiment",
            fix="Of prepared data, take the .h5ad and the recipe.",
        )
    version = metadata.version("scdyn")
    about = Manifest(format=FORMAT, run=run.id, scdyn=version, with_data=with_data)
    names = files_of(run.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        replacing(path) as beside,
        zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        archive.writestr(f"{_TOP}/{MANIFEST}", about.model_dump_json(indent=1))
        for done, name in enumerate(names):
            raise_if_cancelled(reporter)
            reporter.progress("packing", done, len(names), name)
            _add(archive, run, name, with_data)
    reporter.progress("packing", len(names), len(names))
    return path


def _add(archive: zipfile.ZipFile, run: Run, name: str, with_data: bool) -> None:
    target = f"{_TOP}/{name}"
    if name == "config.json":
        # Where the file lay on this machine is nobody's business.
        spec = run.spec.model_dump(mode="json")
        spec["dataset"]["path"] = run.spec.dataset.path.name
        archive.writestr(target, json.dumps(spec, indent=1))
    elif name == "state.json":
        archive.writestr(
            target, run.state.model_dump_json(exclude={"pid", "process_started", "host", "error"})
        )
    elif name == "env.json":
        kept = {key: value for key, value in run.environment.items() if key != "host"}
        archive.writestr(target, json.dumps(kept, indent=1))
    elif name == TENSORS and not with_data:
        archive.writestr(target, _without_data(run.path / name))
    else:
        archive.write(run.path / name, target)


def _without_data(file: Path) -> bytes:
    """Return the tensors without the values of samples."""
    from safetensors import safe_open
    from safetensors.numpy import save

    with safe_open(file, framework="numpy") as tensors:
        names = [name for name in tensors.keys() if not name.startswith("parts/")]  # noqa: SIM118
        return bytes(save({name: tensors.get_tensor(name) for name in names}))
