"""Sets as a table with a row for every cell of every set, out and in again.

A file is untrusted: its size, rows and sets are bounded, its names cleaned, and cells that the
dataset does not have are counted and named.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.budget import in_words
from scdyn_core.data.cell_sets.cell_set import Imported
from scdyn_core.data.csv_safe import safe_cell
from scdyn_core.data.text import clean_text, listed, shown
from scdyn_core.errors import InputError

LARGEST_FILE = 200_000_000
MOST_ROWS = 10_000_000
#: A column with more different values than this describes cells, not groups of them.
MOST_LEVELS = 200
_MOST_COLUMNS = 50
_LONGEST_HEADER = 20_000
_CELL_NAMES = ("cell", "cells", "cell_id", "cellid", "barcode", "barcodes", "obs_names", "index")
CELL, SET = "cell", "set"

Rows = NDArray[np.int64]
Made = tuple[str, Rows, Imported]


@dataclass(frozen=True)
class FoundSets:
    """What a file or column was read as.

    Attributes
    ----------
    sets
        Wanted name, rows, and how it was made; names may be taken already.
    unknown
        How many names in the file are no cells of the dataset.
    examples
        Some of these.
    left_out
        Columns with too many different values to be groups.
    """

    sets: tuple[Made, ...]
    unknown: int = 0
    examples: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def table_of_sets(
    sets: Iterable[tuple[str, Rows]], names: Callable[[Rows], list[str]]
) -> pd.DataFrame:
    """Return the columns cell and set, a row for every cell of every set.

    Parameters
    ----------
    sets
        Names and cells.
    names
        Gives the names of some cells.
    """
    parts = [pd.DataFrame({CELL: names(cells), SET: name}) for name, cells in sets]
    return pd.concat([pd.DataFrame({CELL: [], SET: []}, dtype=object), *parts], ignore_index=True)


def sets_of_column(column: pd.Series, rows: Rows) -> FoundSets:
    """Return a set for every level of a column of groups, in its order.

    Parameters
    ----------
    column
        Categorical or truth values, shape (cells,).
    rows
        Row of every cell in the stored dataset, -1 for none, shape (cells,).

    Raises
    ------
    InputError
        When it has too many levels.
    """
    name = str(column.name)
    groups = column.astype("category") if column.dtype == bool else column
    if len(groups.cat.categories) > MOST_LEVELS:
        raise _bad(f"column {shown(name)}", f"{len(groups.cat.categories):,} groups")
    return FoundSets(tuple(_levels(name, "", groups, rows, str)))


def read_sets(content: bytes, source: str, cells: pd.Index) -> FoundSets:
    """Read sets from a CSV or TSV file.

    It has a column of cell names (called cell, else the first one), and further columns with a
    group for each of them; a cell may stand in several rows, and belong to several sets.

    Parameters
    ----------
    content
        The file.
    source
        Its name.
    cells
        Names of all cells of the stored dataset, in order.

    Raises
    ------
    InputError
        When it is no such file, or too large.
    """
    source = clean_text(source) or "file"
    place = f"cell sets {shown(source)}"
    frame = _parsed(content, place)
    header = [clean_text(name) for name in frame.columns]
    first = next((n for n, name in enumerate(header) if name.lower() in _CELL_NAMES), 0)
    given = frame.iloc[:, first]
    rows = _located(given, cells)
    unknown = given[rows < 0].drop_duplicates()
    made: list[Made] = []
    left_out: list[str] = []
    others = [number for number in range(len(header)) if number != first]
    for number in others:
        column = frame.iloc[:, number].mask(frame.iloc[:, number].str.strip() == "")
        groups = column.map(clean_text, na_action="ignore").astype("category")
        if len(groups.cat.categories) > MOST_LEVELS:
            left_out.append(header[number])
            continue
        alone = len(others) == 1 or header[number] == SET
        prefix = "" if alone else f"{header[number]}: "
        made += _levels(header[number], source, groups, rows, lambda level: prefix + level)  # noqa: B023
    made = [one for one in made if len(one[1])]
    if not made:
        raise _bad(place, _why_none(left_out, len(unknown), list(unknown[:3]), len(others)))
    examples = tuple(clean_text(name) for name in unknown[:3])
    return FoundSets(tuple(made), len(unknown), examples, tuple(left_out))


def read_sets_file(path: Path, cells: pd.Index) -> FoundSets:
    """Read sets from a file on disk; as ``read_sets``."""
    place = f"cell sets {shown(path.name)}"
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _bad(place, f"more than {in_words(LARGEST_FILE)}")
        content = path.read_bytes()
    except OSError as error:
        raise _bad(place, f"no readable file ({type(error).__name__})") from error
    return read_sets(content, path.name, cells)


def _levels(
    column: str, source: str, groups: pd.Series, rows: Rows, called: Callable[[str], str]
) -> Iterable[Made]:
    codes = groups.cat.codes.to_numpy()
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(groups.cat.categories) + 1))
    for place, level in enumerate(map(str, groups.cat.categories)):
        own = np.unique(rows[order[bounds[place] : bounds[place + 1]]])
        how = Imported(source=source, column=column, level=clean_text(level))
        yield called(level), own[own >= 0], how


def _located(given: pd.Series, cells: pd.Index) -> Rows:
    """Return the rows of named cells, -1 for unknown ones.

    Our own files have an apostrophe before names that a spreadsheet would take for a formula.
    """
    rows: Rows = cells.get_indexer(pd.Index(given)).astype(np.int64)
    lost = np.flatnonzero((rows < 0) & given.str.startswith("'").to_numpy())
    bare = given.iloc[lost].str[1:]
    freed = bare[[safe_cell(name) != name for name in bare]]
    rows[lost[np.isin(lost, freed.index)]] = cells.get_indexer(pd.Index(freed))
    return rows


def _parsed(content: bytes, place: str) -> pd.DataFrame:
    if len(content) > LARGEST_FILE:
        raise _bad(place, f"{in_words(len(content))}, more than {in_words(LARGEST_FILE)}")
    header = content[:_LONGEST_HEADER].partition(b"\n")[0]
    if b"\0" in content or len(header) == _LONGEST_HEADER:
        raise _bad(place, "no text with a short first line")
    delimiter = max((b",", b"\t", b";"), key=header.count)
    if not 1 <= header.count(delimiter) < _MOST_COLUMNS:
        raise _bad(place, f"{header.count(delimiter) + 1} columns")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                io.BytesIO(content), sep=delimiter.decode(), dtype=str, keep_default_na=False,
                nrows=MOST_ROWS + 1, index_col=False, encoding="utf-8-sig",
            )  # fmt: skip
    except (ValueError, pd.errors.ParserWarning, OverflowError) as error:
        raise _bad(place, f"no table ({clean_text(error)})") from error
    if len(frame) > MOST_ROWS:
        raise _bad(place, f"more than {MOST_ROWS:,} rows")
    return frame.fillna("")


def _why_none(left_out: list[str], unknown: int, examples: list[str], columns: int) -> str:
    if left_out and len(left_out) == columns:
        return f"more than {MOST_LEVELS} different values in {listed(left_out)}"
    if unknown:
        return f"no cell of this dataset, but for instance {listed(examples)}"
    return "no cell in any group"


def _bad(place: str, found: str) -> InputError:
    return InputError(
        place,
        found=found,
        needed=f"a column of cell names and columns of at most {MOST_LEVELS} groups",
        fix="Give a CSV or TSV file with the columns cell and set, named as in the dataset.",
    )
