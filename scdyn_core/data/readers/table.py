"""Tables of cells × genes in text: comma, tab or semicolon, metadata columns first."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scdyn_core.data.budget import in_words
from scdyn_core.data.findings import Finding
from scdyn_core.data.readers.table_layout import MISSING, looks_turned, n_leading, name_column
from scdyn_core.data.text import clean_text, listed, shown
from scdyn_core.data.unpack import gunzip
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData

_SAMPLED_ROWS = 200
_BYTES_PER_VALUE = 8


@dataclass(frozen=True)
class _Shape:
    """What the first pass over a table learned."""

    separator: str
    header: list[str]
    rows: int
    first_rows: list[list[str]]


def read_table(path: Path, budget: int) -> tuple[AnnData, list[Finding]]:
    """Read a CSV or TSV file, gzipped or not.

    One pass counts the fields of every line within bounded memory; only a table that is
    rectangular and fits ``budget`` is parsed.

    Raises
    ------
    InputError
        With the line and column, for ragged rows, text among the numbers and wrong encoding.
    """
    with tempfile.TemporaryDirectory(prefix="scdyn-") as scratch:
        plain = path
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        if packed:
            plain = Path(scratch) / "table"
            gunzip(path, plain, budget)
        elif path.stat().st_size > budget:
            raise _too_large(path, path.stat().st_size, budget)
        shape = _first_pass(plain, path, budget)
        frame = _parse(plain, path, shape)
    return _to_cells(frame, shape, path)


def _first_pass(plain: Path, path: Path, budget: int) -> _Shape:
    place = clean_text(path.name)
    try:
        with plain.open(encoding="utf-8-sig", newline="") as text:
            separator = _separator(text.readline(1 << 24))
            text.seek(0)
            lines = csv.reader(text, delimiter=separator, strict=True)
            header = next(lines)
            first: list[list[str]] = []
            rows, width = 0, len(header)
            for row in lines:
                if not row:
                    continue
                if rows == 0 and len(row) == len(header) + 1:
                    # R writes row names without a name in the header.
                    width = len(row)
                if len(row) != width:
                    raise InputError(
                        f"{place}, line {lines.line_num}",
                        found=f"{len(row)} fields",
                        needed=f"{width}, as many as the lines before",
                        fix="Add the missing fields or remove the surplus ones on this line.",
                    )
                rows += 1
                if len(first) < _SAMPLED_ROWS:
                    first.append(row)
                if rows * width * _BYTES_PER_VALUE > budget:
                    raise _too_large(path, rows * width * _BYTES_PER_VALUE, budget)
    except UnicodeDecodeError as error:
        raise InputError(
            place,
            found=f"bytes that are no UTF-8 text (at byte {error.start})",
            needed="a text file in UTF-8",
            fix="Save the table as CSV with UTF-8 encoding.",
        ) from error
    except csv.Error as error:
        raise InputError(
            f"{place}, line {lines.line_num}",
            found=f"text that is no table ({clean_text(error)})",
            needed="fields separated by commas or tabs, quotes closed",
            fix="Mend this line or export the table again.",
        ) from error
    without = width == len(header) + 1
    if rows == 0 or width < 2:
        raise InputError(
            place,
            found=f"{rows} rows of {width} columns",
            needed="a header and one line per cell: cell, metadata, then one column per gene",
            fix="Export the table with a header, separated by commas or tabs.",
        )
    return _Shape(separator, ["", *header] if without else header, rows, first)


def _separator(line: str) -> str:
    if not line.strip():
        return ","
    return max(",\t;", key=line.count)


def _parse(plain: Path, path: Path, shape: _Shape) -> pd.DataFrame:
    if any("\n" in name for name in shape.header):
        raise InputError(
            clean_text(path.name),
            found="a column name that runs over several lines",
            needed="a header on one line",
            fix="Rename the column.",
        )
    genes = range(n_leading(shape.header, shape.first_rows), len(shape.header))
    try:
        return _read_csv(plain, shape, dict.fromkeys(genes, np.float32))
    except ValueError:
        # Only now, for the message: everything as text, to find the value that is no number.
        as_text = _read_csv(plain, shape, dict.fromkeys(genes, str))
        raise _not_a_number(as_text, genes.start, shape, path) from None


def _read_csv(plain: Path, shape: _Shape, kinds: Mapping[int, type]) -> pd.DataFrame:
    # Positions stand in for the names: those may repeat, and pandas would rename them.
    return pd.read_csv(
        plain,
        dtype=kinds,
        sep=shape.separator,
        header=None,
        names=list(range(len(shape.header))),
        skiprows=1,
        index_col=False,
        keep_default_na=False,
        na_values=sorted(MISSING),
        encoding="utf-8-sig",
        low_memory=False,
    )


def _not_a_number(frame: pd.DataFrame, leading: int, shape: _Shape, path: Path) -> InputError:
    for column in range(leading, frame.shape[1]):
        numbers = pd.to_numeric(frame[column], errors="coerce")
        bad = np.flatnonzero(numbers.isna() & frame[column].notna())
        if len(bad):
            name = shown(shape.header[column])
            return InputError(
                f"{clean_text(path.name)}, line {bad[0] + 2}, column {column + 1} ({name})",
                found=f"{shown(frame[column].iloc[bad[0]])}",
                needed="a number, as in every gene column",
                fix="Correct the value; columns about the cells must come before the genes.",
            )
    return InputError(
        clean_text(path.name),
        found="values that cannot be read as numbers",
        needed="numbers in every gene column",
        fix="Export the table again.",
    )


def _to_cells(frame: pd.DataFrame, shape: _Shape, path: Path) -> tuple[AnnData, list[Finding]]:
    from anndata import AnnData

    n = n_leading(shape.header, shape.first_rows)
    names = [clean_text(name) for name in shape.header]
    if n == len(names):
        raise InputError(
            clean_text(path.name),
            found=f"no gene among the {n} columns ({listed(names)})",
            needed="columns of numbers, one per gene, after the columns about the cells",
            fix="Export the table as cells × genes.",
        )
    about = frame.iloc[:, :n].copy()
    about.columns = pd.Index([name or "cell" for name in names[:n]])
    key = name_column(list(about.columns), about) if about.columns.is_unique else None
    cells = about[key] if key else [f"cell_{i}" for i in range(len(frame))]
    values = frame.iloc[:, n:].to_numpy(dtype=np.float32)
    index = pd.Index([clean_text(cell) for cell in cells])
    if n == 1 and key and looks_turned(names[n:], list(index)):
        turned = AnnData(
            X=np.ascontiguousarray(values.T),
            obs=pd.DataFrame(index=pd.Index(names[n:])),
            var=pd.DataFrame(index=index),
        )
        return turned, [
            Finding(
                level="warning",
                slot="X",
                found="columns are named like cells, so the table was read as genes × cells",
                fix="Turn the table (cells as rows) if this is wrong.",
            )
        ]
    obs = about.drop(columns=[key] if key else []).set_axis(index, axis=0)
    adata = AnnData(X=values, obs=obs, var=pd.DataFrame(index=pd.Index(names[n:])))
    columns = f"{n} leading columns describe the cells ({listed(list(about.columns))})"
    return adata, [
        Finding(
            level="info",
            slot="obs",
            found=f"{columns if n else 'no column describes the cells'}; the other "
            f"{len(names) - n} are genes",
            fix="Put columns about the cells before the genes if one is missing here.",
        )
    ]


def _too_large(path: Path, size: float, budget: int) -> InputError:
    return InputError(
        clean_text(path.name),
        found=f"a table of more than {in_words(size)}",
        needed=f"at most {in_words(budget)}",
        fix="Save it as a sparse .h5ad, take a part of the cells, or raise SCDYN_MEMORY_BUDGET_GB.",
    )
