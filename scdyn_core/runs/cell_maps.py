"""The maps of the cells that a run made, and the arrows on them.

Numbered columns of one stem are the coordinates of a map (``umap_1, umap_2``; ``z1 … zd``), or of
the arrows on one (``velocity_umap_1`` on ``umap``; ``dz1`` and ``dzhat1`` on ``z``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.runs.cell_columns import CellTable, cell_tables
from scdyn_core.runs.cell_values import cells_of, missing, read_values, table_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

_NUMBERED = re.compile(r"([a-z][a-z_]*?)(_?)(\d+)")
TITLES = {"z": "Latents", "umap": "UMAP", "pca": "Principal components"}
#: Stem of the arrows on a map, and what they are.
ARROWS = {
    "velocity_{stem}": "Velocity",
    "d{stem}": "Derivative of the data",
    "d{stem}hat": "Derivative by the equations",
}


@dataclass(frozen=True)
class RunMap:
    """A place for every cell.

    Attributes
    ----------
    key
        ``run/<table>/<stem>``.
    title, meaning
        In a few words, and what the first coordinate is.
    columns
        Its coordinates, in order.
    replicates
        Who has such a map; empty where it is no replicate's.
    """

    key: str
    title: str
    meaning: str
    columns: tuple[str, ...]
    replicates: tuple[int, ...]


@dataclass(frozen=True)
class RunArrows:
    """Where every cell moves on a map.

    Attributes
    ----------
    key
        As of a map: ``read_map`` gives the components of the arrows.
    on
        Key of the map.
    """

    key: str
    on: str
    title: str
    columns: tuple[str, ...]
    replicates: tuple[int, ...]


def embeddings_of(run: Run) -> list[RunMap]:
    """Return the maps of a run with two dimensions or more, its latents first.

    Raises
    ------
    RunError
        When a table cannot be read.
    """
    found: dict[str, RunMap] = {}
    for table in cell_tables(run):
        stems = _stems(table)
        arrows = {name for stem in stems for name in _arrow_stems(stem)}
        for stem, columns in stems.items():
            if stem not in arrows and stem not in found:
                found[stem] = _map(table, stem, columns)
    return sorted(found.values(), key=lambda each: each.columns[0] != "z1")


def arrows_of(run: Run) -> list[RunArrows]:
    """Return the arrows on the maps of a run.

    Raises
    ------
    RunError
        When a table cannot be read.
    """
    tables = {table.name: table for table in cell_tables(run)}
    found = []
    for each in embeddings_of(run):
        _, name, stem = each.key.split("/")
        stems = _stems(tables[name])
        for arrow, title in _arrow_stems(stem).items():
            if len(stems.get(arrow, ())) == len(each.columns):
                key = f"run/{name}/{arrow}"
                found.append(RunArrows(key, each.key, title, stems[arrow], each.replicates))
    return found


def read_map(
    run: Run, key: str, dims: tuple[int, ...] = (1, 2), replicate: int | None = None
) -> pd.DataFrame:
    """Return some coordinates of every cell, indexed by the name of the cell.

    Parameters
    ----------
    key
        Of a map, or of arrows.
    dims
        Numbers of the coordinates, from 1.
    replicate
        Whose map; that of the run's best one if not given.

    Raises
    ------
    RunError
        When the run has no such map, coordinate or replicate.
    """
    return map_values(run, key, dims, replicate).set_axis(cells_of(run, key, replicate))


def map_values(
    run: Run, key: str, dims: tuple[int, ...] = (1, 2), replicate: int | None = None
) -> pd.DataFrame:
    """Return the values of ``read_map`` without names, in the order of ``cells_of``."""
    table = table_of(run, key)
    columns = _stems(table).get(key.rpartition("/")[2], ())
    if not all(1 <= number <= len(columns) for number in dims):
        raise missing(run, f"{key}, coordinates {', '.join(map(str, dims))}")
    return read_values(run, table, [columns[number - 1] for number in dims], replicate)


def _stems(table: CellTable) -> dict[str, tuple[str, ...]]:
    """Return the columns ``<stem>1, <stem>2, …`` or ``<stem>_1, …`` of every stem, two or more."""
    found: dict[str, dict[int, str]] = {}
    for column in table.columns:
        match = _NUMBERED.fullmatch(column.name)
        if match and column.kind == "amount":
            found.setdefault(match[1], {})[int(match[3])] = column.name
    return {
        stem: tuple(columns[number] for number in range(1, len(columns) + 1))
        for stem, columns in found.items()
        if len(columns) > 1 and set(columns) == set(range(1, len(columns) + 1))
    }


def _arrow_stems(stem: str) -> dict[str, str]:
    return {pattern.format(stem=stem): title for pattern, title in ARROWS.items()}


def _map(table: CellTable, stem: str, columns: tuple[str, ...]) -> RunMap:
    meaning = next(each.meaning for each in table.columns if each.name == columns[0])
    title = TITLES.get(stem, stem.replace("_", " ").capitalize())
    if meaning.endswith("of the latents"):
        title += " of the latents"
    return RunMap(f"run/{table.name}/{stem}", title, meaning, columns, table.replicates)
