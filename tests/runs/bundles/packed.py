"""A small run as a bundle, and the same with something wrong with it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from scdyn_core.export.bundle import export_bundle
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.run import Run
from tests.plots.synthetic_run import write_run


def bundle(folder: Path) -> tuple[Run, Path]:
    """Write a finished run and pack it."""
    run = write_run(folder)
    return run, export_bundle(run, folder / "run.zip", SilentReporter())


def contents(path: Path) -> dict[str, bytes]:
    """Return name -> bytes of a zip file."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """Pack files as they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
