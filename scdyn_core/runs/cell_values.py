"""Reading some columns of a table of cells, for one replicate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.errors import RunError
from scdyn_core.evaluation.selection import chosen_replicate
from scdyn_core.runs.cell_columns import CELL, CellTable, cell_tables, damaged

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run


def table_of(run: Run, key: str) -> CellTable:
    """Return the table that a key ``run/<table>/…`` is about.

    Raises
    ------
    RunError
        When the run has no such table of cells.
    """
    first, _, rest = key.partition("/")
    name = rest.partition("/")[0]
    for table in cell_tables(run):
        if first == "run" and table.name == name:
            return table
    raise missing(run, key)


def cells_of(run: Run, key: str, replicate: int | None = None) -> pd.Index:
    """Return the names of the cells of a colouring or map, in the order of its values."""
    from scdyn_core.runs.tables import read_names

    table = table_of(run, key)
    number = _replicate(run, table, replicate)
    try:
        return read_names(run.table_file(table.name), CELL, number)
    except (OSError, ValueError, KeyError) as error:
        raise damaged(run, table.name) from error


def read_values(
    run: Run, table: CellTable, columns: Sequence[str], replicate: int | None = None
) -> pd.DataFrame:
    """Return columns of a table, of one replicate, texts as categories.

    Parameters
    ----------
    replicate
        Its number; that of the run's best one if not given.

    Raises
    ------
    RunError
        When there is no such replicate, or the table cannot be read.
    """
    from scdyn_core.runs.tables import read_columns

    number = _replicate(run, table, replicate)
    try:
        return read_columns(run.table_file(table.name), columns, number)
    except (OSError, ValueError, KeyError) as error:
        raise damaged(run, table.name) from error


def missing(run: Run, key: str) -> RunError:
    """Return what to raise when a run does not have what a key asks for."""
    return RunError(
        f"run {run.path.name}",
        found=f"nothing called {key[:120]!r} among its cells",
        needed="a value the run has for every cell",
        fix="Choose another colouring or map, or another run.",
    )


def _replicate(run: Run, table: CellTable, asked: int | None) -> int | None:
    """Return the replicate to read; ``None`` where the table is not about replicates."""
    if not table.replicates:
        return None
    if asked is None:
        best = chosen_replicate(run.table("replicates") if "replicates" in run.tables else None)
        return best if best in table.replicates else table.replicates[0]
    if asked not in table.replicates:
        raise RunError(
            f"table {table.name}",
            found=f"no replicate {asked}",
            needed="one of " + ", ".join(map(str, table.replicates)),
            fix="Choose one of these.",
        )
    return asked
