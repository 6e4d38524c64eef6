"""The lines of a network file, and which of their columns mean what."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pandas as pd

from scdyn_core.data.text import listed, shown

#: What the columns of common network files are called; the first found counts.
NAMES = {
    "source": ("source", "source_genesymbol", "tf", "regulator", "from", "gene1", "source_gene"),
    "target": ("target", "target_genesymbol", "to", "gene2", "target_gene"),
    "sign": ("sign", "type", "effect", "direction", "regulation"),
    "weight": ("weight", "mor", "value", "coefficient", "score", "importance"),
}
_DELIMITERS = "\t,;"
MOST_EDGES = 1_000_000
_LONGEST_LINE = 100_000
#: Fields of a line that are looked at.
_MOST_FIELDS = 200

#: Number of a line in its file, and the line.
Lines = Sequence[tuple[int, str]]


class Unreadable(Exception):
    """What is wrong with a file, in words."""


def split_lines(text: str) -> Lines:
    """Return the lines of a file that are neither empty nor comments.

    Raises
    ------
    Unreadable
        When there are none, too many, or one is no line of a table.
    """
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(io.StringIO(text), start=1):
        if len(line) > _LONGEST_LINE:
            raise Unreadable(f"a line of {len(line):,} characters (line {number})")
        # Empty lines cost time too.
        if len(lines) > MOST_EDGES or number > 2 * MOST_EDGES + 1_000:
            raise Unreadable(f"more than {MOST_EDGES:,} edges")
        if line.strip() and not line.startswith("#"):
            lines.append((number, line.rstrip("\r\n")))
    if not lines:
        raise Unreadable("no line with an edge")
    return lines


def columns_of(lines: Lines) -> pd.DataFrame:
    """Return the columns source, target and, where there, sign and weight, as text.

    The index is the number of the line; ``attrs["weight"]`` is what the file calls the weight.

    Raises
    ------
    Unreadable
        When source or target is missing, or a line has no field for one of them.
    """
    delimiter = max(_DELIMITERS, key=lines[0][1].count)
    header = [name.strip() for name in _fields(lines[0][1], delimiter)]
    known = {name.lower(): place for place, name in reversed(list(enumerate(header)))}
    places = {
        role: known[name]
        for role, names in reversed(NAMES.items())
        for name in reversed(names)
        if name in known
    }
    missing = [role for role in ("source", "target") if role not in places]
    if missing:
        raise Unreadable(f"no column {' and no column '.join(missing)} but {listed(header)}")
    last = max(places.values())
    rows, numbers = [], []
    for number, line in lines[1:]:
        fields = _fields(line, delimiter)
        if len(fields) <= last:
            raise Unreadable(f"too few columns in line {number}: {shown(line)}")
        rows.append([fields[place] for place in places.values()])
        numbers.append(number)
    frame = pd.DataFrame(rows, index=numbers, columns=list(places), dtype=object)
    if "weight" in places:
        frame.attrs["weight"] = header[places["weight"]].lower()
    return frame


def sif_of(lines: Lines) -> pd.DataFrame:
    """Return the columns source, target and sign of a SIF file; a line may have many targets.

    The index is the number of the line.

    Raises
    ------
    Unreadable
        When a line has no relation or no target.
    """
    rows, numbers = [], []
    for number, line in lines:
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) < 3:
            raise Unreadable(f"no source, relation and target in line {number}: {shown(line)}")
        rows += [(fields[0], target, fields[1]) for target in fields[2:]]
        numbers += [number] * (len(fields) - 2)
        if len(rows) > MOST_EDGES:
            raise Unreadable(f"more than {MOST_EDGES:,} edges")
    return pd.DataFrame(rows, index=numbers, columns=["source", "target", "sign"], dtype=object)


def _fields(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter, _MOST_FIELDS)[:_MOST_FIELDS]
    try:
        return next(csv.reader([line], delimiter=delimiter))[:_MOST_FIELDS]
    except (csv.Error, StopIteration) as error:
        raise Unreadable(f"a line that is no table: {shown(line)}") from error
