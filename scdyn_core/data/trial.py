"""A trial reading of an HDF5 file from end to end, in a process that may crash or hang.

The preflight reads structure only. What a damaged heap or chunk makes the HDF5 library do
shows when values are read: here first, where it costs nothing. A file that was read to its end
can be read again. Run as ``python -m scdyn_core.data.trial``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py

from scdyn_core.data.isolated import answer, ask, limit_memory
from scdyn_core.data.preflight import damaged, preflight
from scdyn_core.data.sniff import sniff
from scdyn_core.errors import InputError

#: Python, numpy and the HDF5 library reserve this much address space.
_BASE_BYTES = 2 * 10**9
_BLOCK_BYTES = 32 * 2**20


def try_reading(path: Path, budget: int, timeout: float | None = None) -> None:
    """Read an HDF5 file in a process of its own; other kinds of files need no trial.

    Parameters
    ----------
    path
        A file or folder from outside.
    budget
        Bytes that its contents may take in memory.
    timeout
        Seconds; by default one minute, and longer for large files.

    Raises
    ------
    InputError
        When the file is refused by the preflight, or reading it failed, crashed or hung.
    """
    if sniff(path) != "hdf5":
        return
    request = {"path": str(path), "budget": budget}
    error = ask("scdyn_core.data.trial", path, request, timeout)
    if error is not None:
        raise InputError(
            error["place"], found=error["found"], needed=error["needed"], fix=error["fix"]
        )


def read_through(path: Path, budget: int) -> None:
    """Read every dataset and attribute of an HDF5 file, a block at a time."""

    def read(_: str, item: h5py.Group | h5py.Dataset) -> None:
        dict(item.attrs)
        if isinstance(item, h5py.Dataset):
            _read_blocks(item)

    preflight(path, budget)
    try:
        with h5py.File(path, "r") as file:
            dict(file.attrs)
            file.visititems(read)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError) as error:
        raise damaged(path, error) from error


def _read_blocks(dataset: h5py.Dataset) -> None:
    if dataset.ndim == 0 or not dataset.size:
        dataset[()]
        return
    row_bytes = max(1, dataset.nbytes // len(dataset))
    rows = max(1, _BLOCK_BYTES // row_bytes)
    if dataset.chunks:
        # Whole chunks: each is unpacked once.
        rows = -(-rows // dataset.chunks[0]) * dataset.chunks[0]
    for start in range(0, len(dataset), rows):
        dataset[start : start + rows]


def _try(request: dict[str, Any]) -> dict[str, str] | None:
    limit_memory(_BASE_BYTES + 2 * int(request["budget"]))
    try:
        read_through(Path(request["path"]), request["budget"])
    except InputError as refused:
        return refused.as_dict()
    return None


if __name__ == "__main__":
    answer(_try)
