"""``scdyn export``: what a run found, for other programs and for people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from scdyn_core.cli.output import AsJson, print_json, print_line, without_chatter
from scdyn_core.errors import RunError


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("export")(export)


def export(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")],
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder (tables, figures, network) or file.")
    ],
    what: Annotated[
        Literal["tables", "h5ad", "figures", "network", "report"],
        typer.Option("--what", help="What to write."),
    ],
    as_json: AsJson = False,
) -> None:
    """Write tables as CSV, results into an .h5ad, figures, the network, or one report."""
    from scdyn_core.cli.rich_reporter import RichReporter
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.run import Run

    run = Run.open(run_dir.expanduser())
    if run.state.status != "done":
        raise RunError(
            f"run {run.path.name}",
            found=f"a run that is {run.state.status}",
            needed="a run that is done",
            fix=f"Wait for it, or go on with: scdyn resume {run.path}",
        )
    out = out.expanduser().resolve()
    notes: list[str] = []
    with without_chatter(), RichReporter(SilentReporter(), quiet=as_json) as reporter:
        if what == "tables":
            from scdyn_core.export.tables import export_tables

            written = export_tables(run, out)
        elif what == "h5ad":
            from scdyn_core.export.annotated import export_annotated

            written = [export_annotated(run, out, reporter)]
        elif what == "figures":
            from scdyn_core.export.figures import export_figures

            written, notes = export_figures(run, out, reporter)
        elif what == "network":
            from scdyn_core.export.network import export_network

            written = export_network(run, out)
        else:
            from scdyn_core.export.report import export_report

            written = [export_report(run, out)]
    if as_json:
        print_json({"files": [str(path) for path in written], "notes": notes})
        return
    for line in (*notes, f"wrote {len(written)} file{'s'[: len(written) != 1]} to {out}"):
        print_line(line)
