"""Names of the genes of a stored dataset, read without the dataset."""

from __future__ import annotations

from pathlib import Path

from scdyn_core.data.text import shown
from scdyn_core.errors import InputError


def gene_names(path: Path) -> tuple[str, ...]:
    """Return the names of the genes of a dataset as scdyn stored it (``data.h5ad``).

    Raises
    ------
    InputError
        When the file is gone or damaged.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            genes = file["var"]
            names = genes[genes.attrs["_index"]].asstr()[:]
    except (OSError, KeyError, AttributeError, TypeError) as error:
        raise InputError(
            f"dataset {shown(path.parent.name)}",
            found="a file whose genes cannot be read",
            needed="a dataset as scdyn stored it",
            fix="Delete the dataset and add it again.",
        ) from error
    return tuple(map(str, names))
