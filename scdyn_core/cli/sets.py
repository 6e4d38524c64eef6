"""``scdyn sets``: named sets of the cells of a stored dataset."""

from __future__ import annotations

from typing import Annotated

import typer

from scdyn_core.cli import sets_transfer
from scdyn_core.cli.output import AsJson, print_json, print_line, print_table
from scdyn_core.cli.sets_inputs import (
    DatasetArgument,
    WhereOption,
    atlas_of,
    named_sets,
    set_store,
    stored_dataset,
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="Named sets of the cells of a stored dataset.", no_args_is_help=True)
    group.command("list")(list_sets)
    group.command("add")(add)
    group.command("delete")(delete)
    group.command("export")(sets_transfer.export)
    group.command("import")(sets_transfer.import_sets)
    group.command("write-column")(sets_transfer.write_column)
    app.add_typer(group, name="sets")


def list_sets(dataset: DatasetArgument, as_json: AsJson = False) -> None:
    """List the sets of a dataset, and how they were made."""
    record, store = stored_dataset(dataset), set_store()
    sets = store.sets(record.id)
    if as_json:
        print_json([one.model_dump(mode="json") for one in sets])
        return
    print_table(
        ("name", "cells", "how", "note"),
        [(one.name, f"{one.n_cells:,}", one.how.words(), one.note) for one in sets],
    )
    for set_id in store.damaged(record.id):
        print_line(f"damaged: {set_id}")


def add(
    dataset: DatasetArgument,
    name: Annotated[str, typer.Argument(help="What to call the set.")],
    where: WhereOption,
    any_of: Annotated[
        bool, typer.Option("--any", help="Cells that fulfil any condition, not all of them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Keep the cells that fulfil conditions as a set."""
    from scdyn_core.cli.where import condition
    from scdyn_core.data.cell_sets.cell_set import Filtered
    from scdyn_core.data.cell_sets.filters import CellFilter

    record = stored_dataset(dataset)
    atlas = atlas_of(record, as_json)
    parts = tuple(condition(text, atlas.meta.columns) for text in where)
    chosen = CellFilter(match="any" if any_of else "all", parts=parts)
    saved = set_store().save(record.id, name, chosen.positions(atlas), Filtered(filter=chosen))
    if as_json:
        print_json(saved.model_dump(mode="json"))
    else:
        print_line(f"kept {saved.name}: {saved.n_cells:,} of {record.n_cells:,} cells")


def delete(
    dataset: DatasetArgument,
    name: Annotated[str, typer.Argument(help="Name of a set.")],
    as_json: AsJson = False,
) -> None:
    """Move a set to the trash."""
    record = stored_dataset(dataset)
    one = named_sets(record, [name])[0]
    set_store().delete(record.id, one.id)
    if as_json:
        print_json({"deleted": one.name})
    else:
        print_line(f"deleted {one.name}")
