"""The first pass over a table: separator, header and a count of the fields of every line."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from scdyn_core.data.budget import in_words
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError

_SAMPLED_ROWS = 200
_BYTES_PER_VALUE = 8


@dataclass(frozen=True)
class TableShape:
    """What the first pass over a table learned."""

    separator: str
    header: list[str]
    rows: int
    first_rows: list[list[str]]


def first_pass(plain: Path, path: Path, budget: int) -> TableShape:
    """Count the fields of every line, within bounded memory.

    Raises
    ------
    InputError
        When the lines have different numbers of fields, are no text, or are too many.
    """
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
                    raise too_large(path, rows * width * _BYTES_PER_VALUE, budget)
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
    return TableShape(separator, ["", *header] if without else header, rows, first)


def _separator(line: str) -> str:
    if not line.strip():
        return ","
    return max(",\t;", key=line.count)


def too_large(path: Path, size: float, budget: int) -> InputError:
    """Return the error of a table that takes more memory than it may."""
    return InputError(
        clean_text(path.name),
        found=f"a table of more than {in_words(size)}",
        needed=f"at most {in_words(budget)}",
        fix="Save it as a sparse .h5ad, take a part of the cells, or raise SCDYN_MEMORY_BUDGET_GB.",
    )
