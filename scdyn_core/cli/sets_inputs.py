"""From arguments to datasets, their cells and their sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scdyn_core.cli.output import without_chatter

if TYPE_CHECKING:
    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.data.cell_sets.cell_set import CellSet
    from scdyn_core.data.cell_sets.store import CellSetStore
    from scdyn_core.data.record import DatasetRecord

DatasetArgument = Annotated[
    str, typer.Argument(metavar="DATASET", help="Id or name of a stored dataset.")
]
SetsOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME", help="A set, in order; all of them if not given."),
]
WhereOption = Annotated[
    list[str],
    typer.Option(
        metavar="CONDITION",
        help="A condition: COLUMN=LEVEL,LEVEL for groups, COLUMN=LOW..HIGH for numbers (either "
        "limit may be left out), gene:NAME>VALUE for log expression. May be given several times.",
    ),
]


def named_sets(record: DatasetRecord, names: list[str] | None) -> list[CellSet]:
    """Return the sets of these names, in this order; all without names."""
    from scdyn_core.data.text import listed, shown
    from scdyn_core.errors import ConfigError

    there = {one.name: one for one in set_store().sets(record.id)}
    for name in names or ():
        if name not in there:
            raise ConfigError(
                f"cell set {shown(name)}", found="no set of this name",
                needed=f"one of {listed(list(there), 10) or 'none kept so far'}",
                fix="Choose one of these, or add it first.",
            )  # fmt: skip
    return list(there.values()) if names is None else [there[name] for name in names]


def stored_dataset(text: str) -> DatasetRecord:
    """Return the dataset that is meant: by its id, else by a name that only one has."""
    from scdyn_core.data.store import DatasetStore
    from scdyn_core.data.text import listed, shown
    from scdyn_core.errors import ConfigError
    from scdyn_core.workspace import Workspace

    records = DatasetStore(Workspace.default()).records()
    found = [one for one in records if text in (one.id, one.name)]
    if len(found) != 1:
        known = [f"{one.id} {one.name}" for one in records]
        raise ConfigError(
            f"dataset {shown(text)}", found=f"{len(found)} stored datasets called so",
            needed=f"one of {listed(known, 10) or 'none stored so far'}",
            fix="Give the id of one of these.",
        )  # fmt: skip
    return found[0]


def atlas_of(record: DatasetRecord, quiet: bool) -> Atlas:
    """Return the cells of a dataset, laid out by column the first time."""
    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.atlases import lay_out_dataset
    from scdyn_core.runs.rich_reporter import RichReporter
    from scdyn_core.workspace import Workspace

    with without_chatter(), RichReporter(SilentReporter(), quiet=quiet) as reporter:
        return Atlas(lay_out_dataset(Workspace.default(), record, reporter))


def set_store() -> CellSetStore:
    """Return the store of cell sets."""
    from scdyn_core.data.cell_sets.store import CellSetStore
    from scdyn_core.workspace import Workspace

    return CellSetStore(Workspace.default())
