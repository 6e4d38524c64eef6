"""``scdyn weights``: how often every cell would be drawn, from an embedding in the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scdyn_core.cli.inputs import File, RoleOption, SettingsOption
from scdyn_core.cli.output import AsJson, print_json, print_line, print_table, without_chatter
from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    from scdyn_core.experiments.one_shot import OneShot
    from scdyn_core.training.resampling.options import SamplingOptions


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("weights")(weights)


def weights(
    file: File,
    key: Annotated[
        str, typer.Option(metavar="NAME", help="Embedding (obsm) to look for rare cells in.")
    ] = "X_pca",
    scheme: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="clusters, neighbours, marginal, published, sketch, balanced or uniform.",
        ),
    ] = "clusters",
    settings: SettingsOption = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column (obs) with types; else the role cell_type."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write the weight of every cell.")
    ] = None,
    role: RoleOption = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the weights.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Weigh cells by how rare they are, and say what each type gains: nothing is trained."""
    from scdyn_core.runs.threads import set_threads

    # Before numpy is imported, which reads it once.
    set_threads(0)
    from scdyn_core.cli.inputs import given_dataset
    from scdyn_core.data.csv_safe import to_csv
    from scdyn_core.experiments.one_shot import one_shot
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.atomic import write_text
    from scdyn_core.runs.rich_reporter import RichReporter

    options = _options(scheme, settings or [])
    with without_chatter(), RichReporter(SilentReporter(), quiet=as_json) as reporter:
        dataset = given_dataset(file, role or [], reporter)
        found = one_shot(dataset, key, options, by, seed)
        if out is not None:
            out = out.expanduser().resolve()
            out.parent.mkdir(parents=True, exist_ok=True)
            write_text(out, to_csv(found.cells))
    _print(found, options, out, as_json)


def _options(scheme: str, settings: list[str]) -> SamplingOptions:
    """Return the named scheme with settings changed."""
    from scdyn_core.cli.settings import changed
    from scdyn_core.training.resampling.options import SAMPLING

    if scheme not in SAMPLING:
        raise ConfigError(
            f"--scheme {scheme}",
            found="no scheme with this name",
            needed="one of " + ", ".join(SAMPLING),
            fix="Choose one of these.",
        )
    return changed(SAMPLING[scheme], settings)


def _print(found: OneShot, options: SamplingOptions, out: Path | None, as_json: bool) -> None:
    """Print what the weights come to."""
    if as_json:
        print_json(
            {
                "options": options.model_dump(mode="json"),
                "cells": len(found.cells),
                "effective_share": found.effective_share,
                "most": found.most,
                "mass": found.mass.to_dict(orient="records"),
                "file": None if out is None else str(out),
            }
        )
        return
    print_line(
        f"{len(found.cells):,} cells, effective sample size {found.effective_share:.0%} of them, "
        f"largest weight {found.most:.2f} x uniform"
    )
    if len(found.mass):
        rows = [
            (
                str(row.cell_type),
                f"{row.cells:,}",
                f"{row.share:.2%}",
                f"{row.mass:.2%}",
                f"{row.times:.2f}",
            )
            for row in found.mass.itertuples()
        ]
        print_table(("type", "cells", "of the cells", "of the draws", "x uniform"), rows)
    if out is not None:
        print_line(f"wrote {out}")
