"""The tables of a run that have one row a cell: their columns, read one at a time.

Tables of a million cells are large: what is there is told from the schema of a file and one narrow
column, and only the columns asked for are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scdyn_core.data.roles import COLUMN_ROLES
from scdyn_core.errors import RunError

if TYPE_CHECKING:
    import pyarrow as pa

    from scdyn_core.runs.run import Run

Kind = Literal["group", "amount"]
CELL, REPLICATE = "cell", "replicate"
#: Tables that are asked first: what they tell, others repeat.
FIRST = ("cells", "latent", "cell_fit")
#: Roles that are numbers by nature; any other is a group, even when its levels are numbers.
MEASURED_ROLES = ("time", "pseudotime")
#: Names of cells that are looked for twice.
PROBED = 64


@dataclass(frozen=True)
class CellColumn:
    """A column about cells.

    Attributes
    ----------
    kind
        ``group`` for labels, ``amount`` for numbers.
    meaning
        As the run stored it, with the unit; it may hold names from the data.
    """

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True)
class CellTable:
    """A table with one row a cell, or one a cell and replicate.

    Attributes
    ----------
    replicates
        Their numbers; empty where the table is not about replicates.
    """

    name: str
    columns: tuple[CellColumn, ...]
    replicates: tuple[int, ...]


def cell_tables(run: Run) -> list[CellTable]:
    """Return the tables of a run that have at most one row a cell and replicate.

    Raises
    ------
    RunError
        When a table cannot be read.
    """
    names = run.tables
    ordered = [name for name in FIRST if name in names]
    ordered += [name for name in names if name not in FIRST]
    found = []
    for name in ordered:
        path = run.table_file(name)
        try:
            status = path.stat()
            table = _described(path, status.st_mtime_ns, status.st_size)
        except (OSError, ValueError, KeyError) as error:
            raise damaged(run, name) from error
        found += [table] if table is not None else []
    return found


def damaged(run: Run, table: str) -> RunError:
    """Return what to raise when a table of a run cannot be read."""
    return RunError(
        f"run {run.path.name}, table {table}",
        found="a file that cannot be read, or without the columns it had",
        needed="a whole table made by scdyn",
        fix="Run it again, or choose another run.",
    )


@lru_cache(maxsize=512)
def _described(path: Path, changed: int, size: int) -> CellTable | None:
    """Return what a file has; ``None`` where it is not of one row a cell and replicate."""
    from scdyn_core.runs.tables import read_columns, read_schema

    schema, meanings = read_schema(path)
    if CELL not in schema.names:
        return None
    replicates: tuple[int, ...] = ()
    if REPLICATE in schema.names:
        numbers = read_columns(path, [REPLICATE])[REPLICATE].unique()
        replicates = tuple(sorted(int(number) for number in numbers))
    if not _one_row_a_cell(path, replicates[0] if replicates else None):
        return None
    columns = []
    for name in schema.names:
        kind = _kind(name, schema.field(name).type)
        if kind is not None:
            columns.append(CellColumn(name, kind, str(meanings.get(name, name))))
    return CellTable(path.stem, tuple(columns), replicates)


def _one_row_a_cell(path: Path, replicate: int | None) -> bool:
    """Return whether none of a few cells, taken evenly over the rows, stands there twice."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    wanted = None if replicate is None else [(REPLICATE, "==", replicate)]
    names = pq.read_table(path, columns=[CELL], filters=wanted, partitioning=None)[CELL]
    if not len(names):
        return False
    some = names.take(list(range(0, len(names), max(1, len(names) // PROBED)))).unique()
    return bool(pc.sum(pc.is_in(names, value_set=some)).as_py() == len(some))


def _kind(name: str, stored: pa.DataType) -> Kind | None:
    """Return what a column is; ``None`` for one that says nothing of cells."""
    import pyarrow as pa

    if name in (CELL, REPLICATE):
        return None
    types = pa.types
    texts = (types.is_string, types.is_large_string, types.is_dictionary, types.is_boolean)
    if any(holds(stored) for holds in texts):
        return "group"
    if not (types.is_integer(stored) or types.is_floating(stored)):
        return None
    is_label = name in COLUMN_ROLES and name not in MEASURED_ROLES
    return "group" if is_label or name == "cluster" else "amount"
