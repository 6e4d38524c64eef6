"""A column about cells made of sets and written into the data: a new dataset beside the old."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.atlas.extend import extend_atlas
from scdyn_core.data.atlas.meta import atlas_folder, atlas_key
from scdyn_core.data.cell_sets.names import free_name
from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.columns import describe
from scdyn_core.data.findings import Finding, Report
from scdyn_core.data.fingerprint import fingerprint
from scdyn_core.data.record import DATA_FILE, RECORD_FILE, DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.data.stored_contents import stored_contents
from scdyn_core.data.text import clean_text, listed, shown
from scdyn_core.errors import ConfigError, InputError
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.workspace import Workspace

#: What cells are called that are in none of the sets.
NOT_ASSIGNED = "not assigned"
_STAGE = "writing the column"
_BLOCK_BYTES = 1 << 24
#: A file takes the first two for the names of cells, and a dot for the folder it is in.
_RESERVED = ("_index", "index", ".")


def labels(n_cells: int, sets: Sequence[tuple[str, NDArray[np.int64]]]) -> pd.Categorical:
    """Return the set of every cell: the first one that holds it, else ``not assigned``.

    Parameters
    ----------
    n_cells
        Cells of the dataset.
    sets
        Names, each once, and rows; the earlier one gets the cells that several hold. A set that
        is left with no cell is no level.
    """
    names = [name for name, _ in sets]
    codes = np.full(n_cells, len(sets), dtype=np.int32)
    for place in reversed(range(len(sets))):
        codes[sets[place][1]] = place
    levels = pd.Index([*names, free_name(NOT_ASSIGNED, names)], dtype=object)
    column: pd.Categorical = pd.Categorical.from_codes(codes, levels).remove_unused_categories()
    return column


def write_column(
    workspace: Workspace,
    dataset_id: str,
    column: str,
    set_ids: Sequence[str],
    reporter: Reporter,
) -> DatasetRecord:
    """Store a dataset anew with one more categorical column of ``obs``, made of sets.

    The old dataset stays, since its name is that of its contents. The new one has its roles and
    its sets. Matrices are copied as they lie in the file and are never in memory as a whole.

    Parameters
    ----------
    workspace
        Where both are kept.
    dataset_id
        The dataset that the sets belong to.
    column
        Name of the column; must be new.
    set_ids
        Sets, the first one that holds a cell naming it.
    reporter
        Hears how far it is, and may stop it: then nothing is stored.

    Raises
    ------
    ConfigError
        When the name does not do, or no set was given.
    InputError
        When a set or the dataset cannot be read.
    """
    store, sets = DatasetStore(workspace), CellSetStore(workspace)
    record = store.record(dataset_id)
    column = checked_name(column, record)
    if not set_ids:
        raise ConfigError("column", found="no set", needed="at least one", fix="Choose sets.")
    chosen = [
        (sets.get(dataset_id, each).name, sets.cells(dataset_id, each))
        for each in dict.fromkeys(set_ids)
    ]
    values = labels(record.n_cells, chosen)

    def fill(folder: Path) -> DatasetRecord:
        _copy(store.path(dataset_id), folder / DATA_FILE, reporter)
        _append(folder / DATA_FILE, column, values)
        new = _described(record, column, values, [name for name, _ in chosen], folder, reporter)
        (folder / RECORD_FILE).write_text(new.model_dump_json(indent=1), encoding="utf-8")
        sets.copy(dataset_id, folder)
        return new

    new = store.put(fill)
    _share_atlas(workspace, record, new, column, values)
    return new


def _share_atlas(
    workspace: Workspace,
    old: DatasetRecord,
    new: DatasetRecord,
    column: str,
    values: pd.Categorical,
) -> None:
    """Let the new dataset be looked at without laying it out; if not here, then when opened."""
    source, target = (
        atlas_folder(workspace, atlas_key(each.fingerprint, each.roles)) for each in (old, new)
    )
    if source.is_dir() and not target.is_dir():
        with contextlib.suppress(OSError, InputError):
            extend_atlas(source, target, column, values)


def checked_name(column: str, record: DatasetRecord) -> str:
    """Return the name of a new column of a dataset, cleaned.

    Raises
    ------
    ConfigError
        When it is empty, taken, or no name of a column.
    """
    name = clean_text(column)
    if not name or "/" in name or name in _RESERVED:
        raise ConfigError(
            "column", found=shown(column), needed="a name without a slash, not 'index' or '.'",
            fix="Choose another name.",
        )  # fmt: skip
    if any(one.name == name for one in record.obs):
        raise ConfigError(
            f"column {shown(name)}", found="a column of this name in the dataset",
            needed="a new name", fix="Choose another name: columns are never written over.",
        )  # fmt: skip
    return name


def _copy(source: Path, target: Path, reporter: Reporter) -> None:
    size, done = source.stat().st_size, 0
    with source.open("rb") as old, target.open("wb") as new:
        while block := old.read(_BLOCK_BYTES):
            raise_if_cancelled(reporter)
            reporter.progress(_STAGE, 0.5 * done / size, 1, "copying the data")
            done += new.write(block)


def _append(path: Path, column: str, values: pd.Categorical) -> None:
    import h5py
    from anndata.io import write_elem

    with h5py.File(path, "r+") as file:
        obs = file["obs"]
        order = [*obs.attrs["column-order"], column]
        write_elem(obs, column, values)
        obs.attrs["column-order"] = np.array(order, dtype=h5py.string_dtype())


def _described(
    record: DatasetRecord,
    column: str,
    values: pd.Categorical,
    names: list[str],
    folder: Path,
    reporter: Reporter,
) -> DatasetRecord:
    found = Finding(
        level="info", slot=f"obs[{column!r}]", found=f"made of cell sets: {listed(names)}"
    )
    digits = _fingerprint(folder / DATA_FILE, reporter)
    return record.model_copy(
        update={
            "id": digits[:16],
            "fingerprint": digits,
            "name": clean_text(f"{record.name} with {column}"),
            "obs": (*record.obs, *describe(pd.DataFrame({column: values}))),
            "report": Report(findings=(*record.report.findings, found)),
            "created": datetime.now(UTC).isoformat(timespec="microseconds"),
            "size": (folder / DATA_FILE).stat().st_size,
        }
    )


def _fingerprint(path: Path, reporter: Reporter) -> str:
    with stored_contents(path) as contents:
        total, done = max(1, contents.n_numbers), 0

        def tick(numbers: int) -> None:
            nonlocal done
            raise_if_cancelled(reporter)
            done += numbers
            share = 0.5 + 0.5 * min(1.0, done / total)
            reporter.progress(_STAGE, share, 1, "checking the new data")

        return fingerprint(contents, tick)
