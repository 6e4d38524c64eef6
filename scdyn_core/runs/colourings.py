"""What the cells of a run can be coloured by: every column that has one value a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.data.roles import COLUMN_ROLES
from scdyn_core.runs.cell_columns import CellColumn, CellTable, Kind, cell_tables
from scdyn_core.runs.cell_values import cells_of, missing, read_values, table_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

#: Headings, in the order of a menu.
GROUPS = ("Latents", "Velocity", "Model fit", "Classifier", "Clusters", "Sampling", "Cells")
_HEADINGS = (
    (re.compile(r"latent/z\d+"), "Latents"),
    (re.compile(r"latent/.*|cell_fit/(speed|velocity_error)"), "Velocity"),
    (re.compile(r"cell_fit/(predicted_type|probability.*)"), "Classifier"),
    (re.compile(r"cell_fit/.*"), "Model fit"),
    (re.compile(r".*/cluster"), "Clusters"),
    (re.compile(r"sampling.*|cells/part"), "Sampling"),
)
#: Places on a map (``umap_1``) are looked at as a map.
_PLACE = re.compile(r".+_\d+")
_LATENT = re.compile(r"z(\d+)")
TITLES = {"part": "Part of the split", "weight": "Sampling weight", "draws": "Times drawn"}
_END_OF_TITLE = re.compile(r"[,;:] ")


@dataclass(frozen=True)
class Colouring:
    """Something that has one value for every cell.

    Attributes
    ----------
    key
        ``run/<table>/<column>``.
    title, meaning
        In a few words, and in full with the unit; both may hold names from the data.
    group
        Heading of a menu, one of ``GROUPS``.
    kind
        ``group`` for labels, ``amount`` for numbers.
    replicates
        Whose values there are; empty where they are those of the cells whatever was trained.
    """

    key: str
    title: str
    meaning: str
    group: str
    kind: Kind
    replicates: tuple[int, ...]


def colourings(run: Run) -> list[Colouring]:
    """Return everything that the cells of a run can be coloured by, in the order of a menu.

    Raises
    ------
    RunError
        When a table cannot be read.
    """
    found: dict[str, Colouring] = {}
    for table in cell_tables(run):
        for column in table.columns:
            if column.name not in found and not _PLACE.fullmatch(column.name):
                found[column.name] = _colouring(table, column)
    return sorted(found.values(), key=lambda each: GROUPS.index(each.group))


def read_colouring(run: Run, key: str, replicate: int | None = None) -> pd.Series:
    """Return a value for every cell that the run tells of, indexed by the name of the cell.

    Groups are categories whose levels are texts.

    Parameters
    ----------
    key
        Of a colouring.
    replicate
        Whose values; those of the run's best one if not given.

    Raises
    ------
    RunError
        When the run has no such colouring or replicate.
    """
    values = colouring_values(run, key, replicate)
    return values.set_axis(cells_of(run, key, replicate))


def colouring_values(run: Run, key: str, replicate: int | None = None) -> pd.Series:
    """Return the values of ``read_colouring`` without names, in the order of ``cells_of``."""
    table, column = _found(run, key)
    values = read_values(run, table, [column.name], replicate)[column.name]
    if column.kind == "amount":
        return values
    groups = values.astype("category").cat.remove_unused_categories()
    return groups.cat.rename_categories([str(level) for level in groups.cat.categories])


def _found(run: Run, key: str) -> tuple[CellTable, CellColumn]:
    table = table_of(run, key)
    name = key.partition("/")[2].partition("/")[2]
    column = next((each for each in table.columns if each.name == name), None)
    if column is None:
        raise missing(run, key)
    return table, column


def _colouring(table: CellTable, column: CellColumn) -> Colouring:
    place = f"{table.name}/{column.name}"
    heading = next((name for pattern, name in _HEADINGS if pattern.fullmatch(place)), "Cells")
    return Colouring(
        key=f"run/{place}",
        title=_title(column),
        meaning=column.meaning,
        group=heading,
        kind=column.kind,
        replicates=table.replicates,
    )


def _title(column: CellColumn) -> str:
    """Return a few words: a meaning begins with them."""
    if latent := _LATENT.fullmatch(column.name):
        return f"Latent {latent[1]}"
    if column.name in TITLES:
        return TITLES[column.name]
    if column.name in COLUMN_ROLES and column.meaning.endswith(" of the cell"):
        # It begins with the name of a column of the data, whatever that may hold.
        return column.meaning.removesuffix(" of the cell")
    words = _END_OF_TITLE.split(column.meaning, maxsplit=1)[0]
    return words[:1].upper() + words[1:]
