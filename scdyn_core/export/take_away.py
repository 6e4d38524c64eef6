"""One run written in one form, or in all of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from scdyn_core.errors import RunError
from scdyn_core.export.offers import OFFERS, What, offer
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.atomic import replacing
from scdyn_core.runs.run import Run

Written = tuple[list[Path], list[str]]


def take_away(
    run: Run, what: What, out: Path, reporter: Reporter, *, with_data: bool = False
) -> Written:
    """Write a finished run in one form; return the files, and notes for people.

    Parameters
    ----------
    out
        A folder for tables, figures and the network; else a file.
    with_data
        Of a bundle: with the values its model was trained on.

    Raises
    ------
    RunError
        When the run is not done, or cannot be had in this form.
    """
    missing = offer(what).missing(run)
    if run.state.status != "done" or missing:
        raise RunError(
            f"run {run.path.name}",
            found=missing or f"a run that is {run.state.status}",
            needed="a run that is done" if not missing else f"a run that has a {what} to export",
            fix=f"Go on with: scdyn resume {run.path}" if not missing else "Take another form.",
        )
    if what == "tables":
        from scdyn_core.export.tables import export_tables

        return export_tables(run, out, reporter), []
    if what == "figures":
        from scdyn_core.export.figures import export_figures

        return export_figures(run, out, reporter)
    if what == "network":
        from scdyn_core.export.network import export_network

        return export_network(run, out), []
    if what == "h5ad":
        from scdyn_core.export.annotated.file import export_annotated

        return [export_annotated(run, out, reporter)], []
    if what == "script":
        from scdyn_core.export.script import export_script

        return [export_script(run, out)], []
    if what == "bundle":
        from scdyn_core.export.bundle import export_bundle

        return [export_bundle(run, out, reporter, with_data=with_data)], []
    from scdyn_core.export.report import export_report

    return [export_report(run, out)], []


def take_all(run: Run, folder: Path, reporter: Reporter) -> Written:
    """Write a run in every form it can be had in, into one folder."""
    files, notes = [], []
    for each in OFFERS:
        raise_if_cancelled(reporter)
        if reason := each.missing(run):
            notes.append(f"No {each.what}: {reason}")
            continue
        name = each.file_name(run) if each.suffix else each.what
        written, said = take_away(run, each.what, folder / name, reporter)
        files += written
        notes += said
    return files, notes


def zipped(folder: Path, path: Path, reporter: Reporter) -> Path:
    """Pack the files of a folder into a zip file."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    with (
        replacing(path) as beside,
        zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for done, file in enumerate(files):
            raise_if_cancelled(reporter)
            reporter.progress("packing", done, len(files), file.name)
            archive.write(file, file.relative_to(folder).as_posix())
    return path
