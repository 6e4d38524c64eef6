"""``scdyn sets export``, ``import`` and ``write-column``: sets in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scdyn_core.cli.output import AsJson, print_json, print_line, without_chatter
from scdyn_core.cli.sets_inputs import (
    DatasetArgument,
    SetsOption,
    atlas_of,
    named_sets,
    set_store,
    stored_dataset,
)


def export(
    dataset: DatasetArgument,
    out: Annotated[Path, typer.Argument(metavar="OUT.csv", help="File to write.")],
    sets: SetsOption = None,
    as_json: AsJson = False,
) -> None:
    """Write sets as CSV: the columns cell and set, a row for every cell of every set."""
    from scdyn_core.data.cell_sets.tables import table_of_sets
    from scdyn_core.data.csv_safe import to_csv
    from scdyn_core.runs.atomic import write_text

    record, store = stored_dataset(dataset), set_store()
    chosen = named_sets(record, sets)
    atlas = atlas_of(record, as_json)
    cells = [(one.name, store.cells(record.id, one.id)) for one in chosen]
    frame = table_of_sets(cells, atlas.names)
    out = out.expanduser().resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    write_text(out, to_csv(frame))
    if as_json:
        print_json({"file": str(out), "sets": len(chosen), "rows": len(frame)})
    else:
        print_line(f"wrote {out}: {len(chosen)} sets, {len(frame):,} rows")


def import_sets(
    dataset: DatasetArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Columns cell and set.")],
    as_json: AsJson = False,
) -> None:
    """Read sets from a CSV or TSV file of cells and groups."""
    from scdyn_core.data.cell_sets.names import free_name
    from scdyn_core.data.cell_sets.tables import read_sets_file

    record, store = stored_dataset(dataset), set_store()
    found = read_sets_file(file.expanduser(), atlas_of(record, as_json).index())
    taken = [one.name for one in store.sets(record.id)]
    named = []
    for wanted, rows, how in found.sets:
        named.append((free_name(wanted, taken), rows, how))
        taken.append(named[-1][0])
    saved = store.save_all(record.id, named)
    if as_json:
        print_json({
            "sets": [one.model_dump(mode="json") for one in saved],
            "unknown_cells": found.unknown, "left_out": list(found.left_out),
        })  # fmt: skip
        return
    print_line(f"kept {len(saved)} sets; {found.unknown:,} names are of no cell of the dataset")
    if found.left_out:
        print_line(f"left out, for too many different values: {', '.join(found.left_out)}")


def write_column(
    dataset: DatasetArgument,
    column: Annotated[str, typer.Argument(help="Name of the new column of obs.")],
    sets: SetsOption = None,
    as_json: AsJson = False,
) -> None:
    """Store the dataset anew with a column made of sets; the earlier set gets shared cells."""
    from scdyn_core.data import annotate
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.rich_reporter import RichReporter
    from scdyn_core.workspace import Workspace

    record = stored_dataset(dataset)
    chosen = [one.id for one in named_sets(record, sets)]
    with without_chatter(), RichReporter(SilentReporter(), quiet=as_json) as reporter:
        new = annotate.write_column(Workspace.default(), record.id, column, chosen, reporter)
    if as_json:
        print_json({"id": new.id, "name": new.name, "column": column})
    else:
        print_line(f"stored {new.name} ({new.id})")
