"""The cell sets of every dataset of a workspace, each kept in the folder of its dataset."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.cell_sets.cell_set import LONGEST_NOTE, N_COLOURS, CellSet, How
from scdyn_core.data.cell_sets.files import locked, read_cells, write_cells
from scdyn_core.data.cell_sets.folder import (
    cells_file,
    known_record,
    no_set,
    read_record,
    record_file,
    record_files,
    write_new,
    write_record,
)
from scdyn_core.data.cell_sets.names import clean_name, free_name, must_be_free
from scdyn_core.data.store import DatasetStore
from scdyn_core.data.text import clean_text
from scdyn_core.errors import ConfigError, InputError
from scdyn_core.workspace import Workspace

#: Folder of the sets in the folder of a dataset, and in it that of deleted ones.
SETS_FOLDER, _TRASH = "cell_sets", "trash"
#: More sets than a person can tell apart.
MOST_SETS = 1000

Rows = NDArray[np.int64]


class CellSetStore:
    """Reads and writes ``datasets/<id>/cell_sets/<set id>.json`` and its cells beside it.

    The record names the file of cells that belongs to it, so that both change at once. Several
    sessions may write at a time. A dataset that is deleted or brought back takes its sets along.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._datasets = DatasetStore(workspace)

    def sets(self, dataset_id: str) -> list[CellSet]:
        """Return the sets of a dataset, oldest first; damaged ones are passed over."""
        found = [
            one
            for one in map(read_record, record_files(self._folder(dataset_id)))
            if one is not None
        ]
        return sorted(found, key=lambda one: (one.created, one.id))

    def damaged(self, dataset_id: str) -> list[str]:
        """Return the ids of sets whose record cannot be read."""
        return [
            path.stem
            for path in record_files(self._folder(dataset_id))
            if read_record(path) is None
        ]

    def get(self, dataset_id: str, set_id: str) -> CellSet:
        """Return one set.

        Raises
        ------
        InputError
            When there is no such set, or its record is damaged.
        """
        return known_record(self._folder(dataset_id), set_id)

    def cells(self, dataset_id: str, set_id: str) -> Rows:
        """Return the rows of a set in the stored dataset, ascending, each once.

        Raises
        ------
        InputError
            When there is no such set, or its files are damaged.
        """
        n_rows = self._datasets.record(dataset_id).n_cells
        folder = self._folder(dataset_id)
        known = known_record(folder, set_id)
        try:
            try:
                return read_cells(cells_file(folder, known), known.n_cells, n_rows)
            except FileNotFoundError:
                # Another session may have given it other cells since its record was read.
                known = known_record(folder, set_id)
                return read_cells(cells_file(folder, known), known.n_cells, n_rows)
        except FileNotFoundError as error:
            raise no_set(set_id, "a set without its cells") from error

    def save(self, dataset_id: str, name: str, rows: Rows, how: How) -> CellSet:
        """Keep a new set.

        Parameters
        ----------
        dataset_id
            The dataset it belongs to.
        name
            For people; must be free.
        rows
            Rows of the stored dataset, in any order.
        how
            How the set was made.

        Raises
        ------
        ConfigError
            When the name is empty or taken, or rows are none of the dataset.
        """
        return self.save_all(dataset_id, [(name, rows, how)])[0]

    def save_all(self, dataset_id: str, made: Iterable[tuple[str, Rows, How]]) -> list[CellSet]:
        """Keep several new sets, all of them or none; as ``save``."""
        n_rows = self._datasets.record(dataset_id).n_cells
        checked = [(clean_name(name), _checked(rows, n_rows), how) for name, rows, how in made]
        with self._changing(dataset_id) as folder:
            there = self.sets(dataset_id)
            if len(there) + len(checked) > MOST_SETS:
                raise ConfigError("cell sets", found=f"more than {MOST_SETS:,}",
                                  needed="fewer", fix="Delete some first.")  # fmt: skip
            taken = [one.name for one in there]
            for name, _, _ in checked:
                must_be_free(name, taken)
                taken.append(name)
            for name, rows, how in checked:
                there.append(_new_record(name, rows, how, _free_colour(there)))
            new = there[len(there) - len(checked) :]
            write_new(folder, [(one, rows) for one, (_, rows, _) in zip(new, checked, strict=True)])
        return new

    def replace(self, dataset_id: str, set_id: str, rows: Rows, how: How) -> CellSet:
        """Give a set other cells; name, note and colour stay.

        Raises
        ------
        ConfigError
            When rows are none of the dataset.
        InputError
            When there is no such set.
        """
        checked = _checked(rows, self._datasets.record(dataset_id).n_cells)
        with self._changing(dataset_id) as folder:
            old = known_record(folder, set_id)
            new = old.model_copy(
                update={"revision": secrets.token_hex(4), "n_cells": len(checked), "how": how}
            )
            write_cells(cells_file(folder, new), checked)
            write_record(folder, new)
            cells_file(folder, old).unlink(missing_ok=True)
        return new

    def rename(self, dataset_id: str, set_id: str, name: str) -> CellSet:
        """Give a set another name, which must be free."""
        name = clean_name(name)
        with self._changing(dataset_id) as folder:
            must_be_free(name, [one.name for one in self.sets(dataset_id) if one.id != set_id])
            new = known_record(folder, set_id).model_copy(update={"name": name})
            write_record(folder, new)
        return new

    def annotate(self, dataset_id: str, set_id: str, note: str) -> CellSet:
        """Write the note of a set."""
        with self._changing(dataset_id) as folder:
            kept = " ".join(clean_text(line) for line in note.splitlines())[:LONGEST_NOTE]
            new = known_record(folder, set_id).model_copy(update={"note": kept.strip()})
            write_record(folder, new)
        return new

    def delete(self, dataset_id: str, set_id: str) -> None:
        """Move a set, or what is left of a damaged one, to the trash."""
        with self._changing(dataset_id) as folder:
            if not record_file(folder, set_id).exists():
                raise no_set(set_id, "no such set")
            trash = folder / _TRASH
            trash.mkdir(exist_ok=True)
            # The record first: without it nobody looks for the cells.
            record_file(folder, set_id).replace(trash / f"{set_id}.json")
            for cells in folder.glob(f"{set_id}-*.npy"):
                cells.replace(trash / cells.name)

    def restore(self, dataset_id: str, set_id: str) -> CellSet:
        """Bring a deleted set back; it gets a number when its name was taken meanwhile."""
        with self._changing(dataset_id) as folder:
            trash = folder / _TRASH
            record = known_record(trash, set_id)
            for cells in trash.glob(f"{set_id}-*.npy"):
                cells.replace(folder / cells.name)
            name = free_name(record.name, [one.name for one in self.sets(dataset_id)])
            record = record.model_copy(update={"name": name})
            write_record(folder, record)
            record_file(trash, set_id).unlink()
        return record

    def copy(self, dataset_id: str, folder: Path) -> None:
        """Copy all sound sets of a dataset into the folder of another one with the same cells."""
        target = folder / SETS_FOLDER
        target.mkdir(exist_ok=True)
        for one in self.sets(dataset_id):
            # A set that cannot be read must not hold up the others.
            with suppress(InputError):
                write_cells(cells_file(target, one), self.cells(dataset_id, one.id))
                write_record(target, one)

    def _folder(self, dataset_id: str) -> Path:
        return self._datasets.path(dataset_id).parent / SETS_FOLDER

    @contextmanager
    def _changing(self, dataset_id: str) -> Iterator[Path]:
        folder = self._folder(dataset_id)
        with locked(folder):
            yield folder


def _new_record(name: str, rows: Rows, how: How, colour: int) -> CellSet:
    return CellSet(
        id=secrets.token_hex(8),
        revision=secrets.token_hex(4),
        name=name,
        colour=colour,
        n_cells=len(rows),
        created=datetime.now(UTC).isoformat(timespec="microseconds"),
        how=how,
    )


def _free_colour(there: Iterable[CellSet]) -> int:
    used = Counter(one.colour for one in there)
    return min(range(N_COLOURS), key=lambda colour: (used[colour], colour))


def _checked(rows: Rows, n_rows: int) -> Rows:
    rows = np.asarray(rows, dtype=np.int64)
    if len(rows) > 1 and not (rows[1:] > rows[:-1]).all():
        rows = np.unique(rows)
    if len(rows) and not (rows[0] >= 0 and rows[-1] < n_rows):
        raise ConfigError(
            "cell set",
            found=f"rows from {rows[0]:,} to {rows[-1]:,}",
            needed=f"rows of a dataset of {n_rows:,} cells, from 0",
            fix="Choose cells of the dataset that the set belongs to.",
        )
    return rows
