"""Whether an HDF5 file may be opened at all: looked at link by link before anything is read.

An HDF5 file can point out of itself (external and soft links, external storage, virtual
datasets) and so hand the reader other files of the server, can declare arrays far larger than
itself, and can contain itself. Nothing here follows a link that is not hard, and nothing reads
the contents of a dataset whose memory is not accounted for.
"""

from __future__ import annotations

from pathlib import Path

import h5py

from scdyn_core.data.preflight.ledger import Inventory, Ledger
from scdyn_core.data.preflight.tree import Tree
from scdyn_core.data.text import clean_text
from scdyn_core.errors import InputError


def preflight(path: Path, budget: int) -> Inventory:
    """Check an HDF5 file without trusting it.

    Parameters
    ----------
    path
        A regular file that starts with the HDF5 signature.
    budget
        Bytes that the arrays of the file may take together in memory.

    Raises
    ------
    InputError
        When the file is damaged, points outside itself, claims more memory than ``budget``,
        or is built in a way no single-cell file is. The message names the object.
    """
    ledger = Ledger(path, budget)
    try:
        with h5py.File(path, "r") as file:
            Tree(ledger).walk(file)
            return ledger.inventory()
    except InputError:
        raise
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError) as error:
        raise damaged(path, error) from error


def damaged(path: Path, error: BaseException) -> InputError:
    """Return the error of a file that the HDF5 library cannot read."""
    truncated = "truncated" in str(error)
    return InputError(
        clean_text(path.name),
        found="the file ends before its contents do (truncated)"
        if truncated
        else f"a damaged HDF5 file ({clean_text(error)})",
        needed="a complete HDF5 file",
        fix="Copy or download the file again and compare its size with the original.",
    )
