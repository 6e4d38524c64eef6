"""The records of the sets in one folder: found, read, written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from scdyn_core.data.cell_sets.cell_set import CellSet
from scdyn_core.data.cell_sets.files import replace_file, write_cells
from scdyn_core.data.text import shown
from scdyn_core.errors import InputError

_ID = re.compile(r"[0-9a-f]{16}")


def record_files(folder: Path) -> list[Path]:
    """Return the files of all records in a folder, which need not exist."""
    if not folder.is_dir():
        return []
    return [path for path in folder.glob("*.json") if _ID.fullmatch(path.stem)]


def read_record(path: Path) -> CellSet | None:
    """Return a record; ``None`` when it is damaged or not there."""
    try:
        record = CellSet.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, ValidationError):
        return None
    return record if record.id == path.stem else None


def known_record(folder: Path, set_id: str) -> CellSet:
    """Return the record of a set.

    Raises
    ------
    InputError
        When there is none, or it is damaged.
    """
    path = record_file(folder, set_id)
    record = read_record(path)
    if record is None:
        raise no_set(set_id, "a damaged record" if path.exists() else "no such set")
    return record


def record_file(folder: Path, set_id: str) -> Path:
    """Return where a record lies; no name from outside ever becomes a path."""
    if not _ID.fullmatch(set_id):
        raise no_set(set_id, "no id of a set")
    return folder / f"{set_id}.json"


def cells_file(folder: Path, record: CellSet) -> Path:
    """Return where the cells that belong to a record lie."""
    return folder / f"{record.id}-{record.revision}.npy"


def write_record(folder: Path, record: CellSet) -> None:
    """Replace a record at once."""
    text = record.model_dump_json(indent=1).encode()
    replace_file(record_file(folder, record.id), lambda handle: handle.write(text))


def write_new(folder: Path, made: Sequence[tuple[CellSet, NDArray[np.int64]]]) -> None:
    """Write new sets with their cells; where one cannot be written, none is there."""
    try:
        for record, rows in made:
            write_cells(cells_file(folder, record), rows)
        for record, _ in made:
            write_record(folder, record)
    except BaseException:
        for record, _ in made:
            record_file(folder, record.id).unlink(missing_ok=True)
            cells_file(folder, record).unlink(missing_ok=True)
        raise


def no_set(set_id: str, found: str) -> InputError:
    """Return the error about a set that cannot be given."""
    return InputError(
        f"cell set {shown(set_id)}",
        found=found,
        needed="a set of the dataset",
        fix="Choose one from the list.",
    )
