"""Result tables on disk: parquet with the meaning of every column in the schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scdyn_core.methods.method import Table
from scdyn_core.runs.atomic import replacing

MEANINGS = b"scdyn.columns"


def write_table(path: Path, table: Table) -> None:
    """Store a table so that readers see all of it or none."""
    arrow = pa.Table.from_pandas(table.frame, preserve_index=False)
    meanings = json.dumps(dict(table.columns)).encode()
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), MEANINGS: meanings})
    with replacing(path) as beside:
        pq.write_table(arrow, beside)


def write_tables(folder: Path, tables: Mapping[str, Table]) -> None:
    """Store tables by name in a folder."""
    for name, table in tables.items():
        write_table(folder / f"{name}.parquet", table)


def write_closer_look(run: Path, name: str, table: Table) -> pd.DataFrame:
    """Store a table beside what a run found; return it with the meanings of its columns."""
    folder = run / "explain"
    folder.mkdir(exist_ok=True)
    write_table(folder / f"{name}.parquet", table)
    table.frame.attrs["columns"] = dict(table.columns)
    return table.frame


def read_table(path: Path) -> pd.DataFrame:
    """Read a table back; ``frame.attrs["columns"]`` holds the meaning of each column."""
    return _with_meanings(pq.ParquetFile(path).read())


def read_matching(path: Path, column: str, value: str | int) -> pd.DataFrame:
    """Read only the rows of a table in which a column has a value."""
    wanted = [(column, "==", value)]
    # Without partitioning: a folder whose name has an equals sign is no column.
    return _with_meanings(pq.read_table(path, filters=wanted, partitioning=None))


def _with_meanings(arrow: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = arrow.to_pandas()
    stored = (arrow.schema.metadata or {}).get(MEANINGS, b"{}")
    frame.attrs["columns"] = json.loads(stored)
    return frame
