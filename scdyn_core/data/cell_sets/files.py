"""The files of one set: cells as whole numbers, and a lock for those who change them."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import InputError

_LOCK = ".lock"
#: Smaller files are simply read: an empty one cannot be mapped.
_SMALL_BYTES = 4096


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process or thread at a time change a folder, which is made when it is missing."""
    folder.mkdir(exist_ok=True)
    with (folder / _LOCK).open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def replace_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file that is either old or new, never half."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("wb") as handle:
            write(handle)
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_cells(path: Path, rows: NDArray[np.int64]) -> None:
    """Write rows of a dataset, four bytes each."""
    stored = rows.astype(np.uint32)
    replace_file(path, lambda handle: np.save(handle, stored, allow_pickle=False))


def read_cells(path: Path, n_cells: int, n_rows: int) -> NDArray[np.int64]:
    """Read the rows of a set.

    Parameters
    ----------
    path
        As ``write_cells`` left it.
    n_cells
        How many there must be.
    n_rows
        Cells of the dataset.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    InputError
        When it holds something else than ascending rows of the dataset.
    """
    try:
        small = path.stat().st_size < _SMALL_BYTES
        stored = np.load(path, mmap_mode=None if small else "r", allow_pickle=False)
        sound = stored.dtype == np.uint32 and stored.shape == (n_cells,)
        rows: NDArray[np.int64] = stored.astype(np.int64) if sound else np.empty(0, np.int64)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path) from error
    ascending = bool((rows[1:] > rows[:-1]).all())
    if not sound or not ascending or (n_cells and rows[-1] >= n_rows):
        raise _damaged(path)
    return rows


def _damaged(path: Path) -> InputError:
    return InputError(
        f"cell set {path.stem}",
        found="a file of cells that is damaged",
        needed="ascending rows of the dataset",
        fix="Delete the set and make it again.",
    )
