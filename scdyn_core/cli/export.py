"""``scdyn export`` and ``import``: what a run found, for other programs, people and machines."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from scdyn_core.cli.output import AsJson, print_json, print_line, without_chatter
from scdyn_core.errors import RunError

_WHAT = (
    "tables (CSV), h5ad (for scanpy), figures (SVG, PNG, data), network, report (one page), script "
    "(Python that repeats the run), bundle (for another scdyn), or all."
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("export")(export)
    app.command("import")(import_run)


def export(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")],
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder (tables, figures, network, all) or file.")
    ],
    what: Annotated[
        Literal["tables", "h5ad", "figures", "network", "report", "script", "bundle", "all"],
        typer.Option("--what", help=_WHAT),
    ],
    with_data: Annotated[
        bool,
        typer.Option("--with-data", help="Of a bundle: the values the model was trained on."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write what a run found: tables, figures, an .h5ad, a report, a script, or all of it."""
    out = out.expanduser().resolve()
    from scdyn_core.export.offers import offer
    from scdyn_core.export.take_away import take_all, take_away
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.rich_reporter import RichReporter
    from scdyn_core.runs.run import Run

    _check_free(out, folder=what == "all" or not offer(what).suffix)
    run = Run.open(run_dir.expanduser())
    if run.state.status != "done":
        raise RunError(
            f"run {run.path.name}",
            found=f"a run that is {run.state.status}",
            needed="a run that is done",
            fix=f"Wait for it, or go on with: scdyn resume {run.path}",
        )
    with (
        without_chatter(),
        RichReporter(SilentReporter(), quiet=as_json) as reporter,
        _appearing(out) as beside,
    ):
        if what == "all":
            written, notes = take_all(run, beside, reporter)
        else:
            written, notes = take_away(run, what, beside, reporter, with_data=with_data)
    written = [out / path.relative_to(beside) for path in written]
    if as_json:
        print_json({"files": [str(path) for path in written], "notes": notes})
        return
    for line in (*notes, f"wrote {len(written)} file{'s'[: len(written) != 1]} to {out}"):
        print_line(line)


def import_run(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="From --what bundle.")],
    as_json: AsJson = False,
) -> None:
    """Take in a run that another scdyn packed; the file is checked as one from a stranger."""
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.bundles.take_in import import_bundle
    from scdyn_core.runs.rich_reporter import RichReporter
    from scdyn_core.workspace import Workspace

    with without_chatter(), RichReporter(SilentReporter(), quiet=as_json) as reporter:
        run = import_bundle(file.expanduser(), Workspace.default(), reporter)
    has_data = run.spec.dataset.path.exists()
    if as_json:
        print_json({"run": str(run.path), "id": run.id, "has_data": has_data})
        return
    print_line(f"run {run.id} in {run.path}")
    if not has_data:
        print_line(
            f"Its data ({run.spec.dataset.name}) are not here: results can be looked at; add the "
            "data file on the Data page for more."
        )


def _check_free(out: Path, *, folder: bool) -> None:
    """Refuse to write over anything."""
    if not out.exists() or (folder and out.is_dir() and not any(out.iterdir())):
        return
    found = "a folder" if out.is_dir() else "a file"
    raise RunError(
        f"target {out}",
        found=f"{found} that is there already",
        needed="a new folder, or an empty one" if folder else "the name of a new file",
        fix="Choose another name, or move what is there.",
    )


@contextmanager
def _appearing(out: Path) -> Iterator[Path]:
    """Give a path beside ``out``; what is written there appears at ``out`` once all of it is."""
    beside = out.with_name(f".{secrets.token_hex(4)}{out.suffix}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        beside.rename(out)
    except OSError as error:
        raise RunError(
            f"target {out}",
            found=error.strerror or type(error).__name__,
            needed="a place with room where files can be written",
            fix="Choose another place, or make room.",
        ) from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside)
        elif beside.exists():
            beside.unlink()
