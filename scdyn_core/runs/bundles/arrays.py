"""Tables and arrays of a bundle, read and written anew."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from safetensors.numpy import load_file, save_file

from scdyn_core.data.text import clean_text
from scdyn_core.runs.atomic import replacing
from scdyn_core.runs.bundles.harmless import harmless
from scdyn_core.runs.tables import MEANINGS, ROW_GROUP

_MOST_COLUMNS = 5_000
#: A table cannot need more memory than its size explains: constant columns pack well, not all.
_FEW_VALUES, _MOST_VALUES_A_BYTE = 1_000_000, 200
#: Texts in tables are names and sentences.
_LONGEST_TEXT = 2_000
_BYTES_A_VALUE = 32
#: Columns that have one meaning in every table, and so one type.
_TYPES: Mapping[str, Callable[[pa.DataType], bool]] = {
    **dict.fromkeys(("replicate", "latent", "equation", "seed"), pa.types.is_integer),
    **dict.fromkeys(("chosen", "active"), pa.types.is_boolean),
    **dict.fromkeys(("cell", "gene", "sample", "part"), pa.types.is_string),
}
#: Tables that pages read before anything else of a run, with the columns they read.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "equations": ("replicate", "equation", "term", "coefficient", "active"),
    "replicates": ("replicate", "chosen"),
    "cells": ("cell",),
    "split": ("sample", "part"),
}
#: ``<replicate>/<name>`` of weights, ``<kind>/<name>`` of tensors; see ``runs/model.py``.
_ARRAY = re.compile(
    r"(\d{1,3}|constants|samples|parts/[a-z]{1,20})/[\w.\- ]{1,200}(/[\w.\-]{1,99})?"
)


def table(file: Path) -> None:
    """Write a table anew: columns of numbers, truths and text, and what they mean.

    Raises
    ------
    ValueError
        When it holds anything else, or more than its size explains.
    """
    stored = pq.ParquetFile(file)
    most = _FEW_VALUES + _MOST_VALUES_A_BYTE * file.stat().st_size
    _check_size(stored.metadata.num_rows * stored.metadata.num_columns, most)
    arrow = stored.read()
    # What a file says about itself need not be what is in it.
    _check_size(arrow.num_rows * arrow.num_columns, most)
    names = list(arrow.column_names)
    if len(names) > _MOST_COLUMNS or len(set(names)) != len(names):
        raise ValueError("columns that are too many, or have one name")
    if any(harmless(name, _LONGEST_TEXT) != name for name in names):
        raise ValueError("a column whose name is no plain text")
    meanings = dict(json.loads((arrow.schema.metadata or {}).get(MEANINGS, b"{}")))
    told = {name: harmless(meanings[name], _LONGEST_TEXT) for name in names if name in meanings}
    columns = {name: _column(arrow.column(name)) for name in names}
    whole = pa.table(columns)
    _check_columns(file.stem, whole)
    _check_size(whole.nbytes // _BYTES_A_VALUE, most)
    whole = whole.replace_schema_metadata({MEANINGS: json.dumps(told)})
    with replacing(file) as beside:
        pq.write_table(whole, beside, row_group_size=ROW_GROUP)


def arrays(file: Path) -> None:
    """Write arrays anew: numbers by the names scdyn gives them.

    Raises
    ------
    ValueError
        When there is anything else among them.
    """
    found = load_file(file)
    for name, values in found.items():
        if not _ARRAY.fullmatch(name) or values.dtype.kind not in "fiub":
            raise ValueError(f"an array that is none of a model: {clean_text(name, 60)}")
    with replacing(file) as beside:
        save_file({name: np.asarray(values, order="C") for name, values in found.items()}, beside)


def _check_columns(name: str, table: pa.Table) -> None:
    missing = set(_COLUMNS.get(name, ())) - set(table.column_names)
    if missing:
        raise ValueError(f"no column {min(missing)}")
    for column, fits in _TYPES.items():
        if column not in table.column_names or not len(table):
            continue
        values = table.column(column)
        if not fits(values.type) or values.null_count:
            raise ValueError(f"a column {column} of type {values.type}, or with gaps")


def _check_size(values: int, most: int) -> None:
    if values > most:
        raise ValueError(f"{values:,} values in a file too small to hold them")


def _column(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column of a plain type; of text every different value is cleaned once."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        coded = pc.dictionary_encode(values.cast(pa.large_string())).combine_chunks()
        if isinstance(coded, pa.ChunkedArray):
            coded = pa.concat_arrays(coded.chunks)
        clean = pa.array([None if text is None else harmless(text, _LONGEST_TEXT)
                          for text in coded.dictionary.to_pylist()], pa.large_string())  # fmt: skip
        return pa.chunked_array([clean.take(coded.indices)]).cast(pa.string())
    plain = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_null)
    if any(fits(kind) for fits in plain):
        return values
    raise ValueError(f"a column of type {clean_text(kind)}")
