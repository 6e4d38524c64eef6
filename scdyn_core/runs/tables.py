"""Result tables on disk: parquet with the meaning of every column in the schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scdyn_core.methods.method import Table
from scdyn_core.runs.atomic import replacing

MEANINGS = b"scdyn.columns"
#: Rows that are read or skipped together: those of one replicate lie in few of these.
ROW_GROUP = 131_072


def write_table(path: Path, table: Table) -> None:
    """Store a table so that readers see all of it or none."""
    arrow = pa.Table.from_pandas(table.frame, preserve_index=False)
    meanings = json.dumps(dict(table.columns)).encode()
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), MEANINGS: meanings})
    with replacing(path) as beside:
        pq.write_table(arrow, beside, row_group_size=ROW_GROUP)


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


def read_columns(path: Path, columns: Sequence[str], replicate: int | None = None) -> pd.DataFrame:
    """Read some columns of a table, texts as categories; those of one replicate where asked for.

    Raises
    ------
    ValueError
        When a column is not there.
    """
    schema = pq.read_schema(path)
    texts = [name for name in columns if pa.types.is_string(schema.field(name).type)]
    arrow = pq.read_table(
        path,
        columns=list(columns),
        filters=None if replicate is None else [("replicate", "==", replicate)],
        read_dictionary=texts,
        partitioning=None,
    )
    return _with_meanings(arrow)


def read_names(path: Path, column: str, replicate: int | None = None) -> pd.Index:
    """Read a column of texts of which each stands once; of one replicate where asked for."""
    wanted = None if replicate is None else [("replicate", "==", replicate)]
    arrow = pq.read_table(path, columns=[column], filters=wanted, partitioning=None)
    # Looking for texts that stand twice takes longer than all else.
    names = arrow.column(column).to_pandas(deduplicate_objects=False)
    found: pd.Index = pd.Index(names.to_numpy(dtype=object), name=column)
    return found


def read_schema(path: Path) -> tuple[pa.Schema, Mapping[str, str]]:
    """Read the types of the columns of a table and what they mean, and nothing else."""
    schema = pq.read_schema(path)
    return schema, json.loads((schema.metadata or {}).get(MEANINGS, b"{}"))


def _with_meanings(arrow: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = arrow.to_pandas()
    stored = (arrow.schema.metadata or {}).get(MEANINGS, b"{}")
    frame.attrs["columns"] = json.loads(stored)
    return frame
