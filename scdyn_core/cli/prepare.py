"""``scdyn prepare``: a recipe applied to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scdyn_core.cli.inputs import (
    File,
    RecipeOption,
    RoleOption,
    given_dataset,
)
from scdyn_core.cli.output import AsJson, print_json, print_line, print_table, without_chatter


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("prepare")(prepare_file)


def prepare_file(
    file: File,
    out: Annotated[Path, typer.Argument(metavar="OUT.h5ad", help="File to write.")],
    recipe: RecipeOption = None,
    role: RoleOption = None,
    as_json: AsJson = False,
) -> None:
    """Apply a recipe and write the prepared data, with the recipe beside them as YAML."""
    from scdyn_core.preprocess.choice import chosen_recipe
    from scdyn_core.preprocess.prepare import prepare
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.atomic import replacing, write_text
    from scdyn_core.runs.rich_reporter import RichReporter
    from scdyn_core.workspace import Workspace

    out = out.expanduser().resolve()
    with without_chatter(), RichReporter(SilentReporter(), quiet=as_json) as reporter:
        dataset = given_dataset(file, role or [], reporter)
        steps = chosen_recipe(recipe, dataset.roles)
        prepared = prepare(dataset, steps, Workspace.default().cache, reporter)
        out.parent.mkdir(parents=True, exist_ok=True)
        with replacing(out) as beside:
            prepared.dataset.adata.write_h5ad(beside, compression="gzip")
        written = out.with_suffix(".recipe.yaml")
        write_text(written, steps.to_yaml())
    records = prepared.records
    adata = prepared.dataset.adata
    if as_json:
        print_json(
            {
                "file": str(out),
                "recipe_file": str(written),
                "recipe": steps.model_dump(mode="json"),
                "roles": prepared.dataset.roles.assigned(),
                "cells": adata.n_obs,
                "genes": adata.n_vars,
                "steps": [record.model_dump(mode="json") for record in records],
            }
        )
        return
    rows = [(r.title, f"{r.cells_after} x {r.genes_after}", r.message) for r in records]
    print_table(("step", "cells x genes", "what it did"), rows)
    print_line(f"wrote {out} and {written.name}")
