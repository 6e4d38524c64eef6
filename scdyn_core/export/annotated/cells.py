"""Tables of one row a cell, and replicate, into ``obs`` and ``obsm``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.export.annotated.numbered import numbered, told
from scdyn_core.export.annotated.slots import Slots

#: Stem of numbered columns -> the slot they stand in. scVelo looks for ``velocity_<embedding>``.
LEARNED = {"z": "X_{key}", "dz": "velocity_{key}", "dzhat": "velocity_{key}_equations"}
_NO_RESULT = ("replicate", "cell", "part")


def put_cells(slots: Slots, name: str, table: pd.DataFrame, known: frozenset[str]) -> bool:
    """Put a table into the slots of cells; return whether it is one of one row a cell.

    Parameters
    ----------
    name
        Of the table.
    known
        Columns that the data have under a name of their own: roles.
    """
    if "cell" not in table:
        return False
    keys = [name for name in ("replicate", "cell") if name in table]
    if table.duplicated(keys).any():
        return False
    meanings = table.attrs.get("columns", {})
    groups = numbered(table)
    grouped = {column for columns in groups.values() for column in columns}
    for replicate, rows in by_replicate(table):
        ordered = rows.set_index("cell").reindex(slots.adata.obs_names)
        for stem, columns in groups.items():
            values = ordered[columns].to_numpy(np.float32)
            if stem in LEARNED:
                plain = LEARNED[stem].format(key=slots.key)
                slot = _own(slots, "obsm", plain, f"{plain}_{name}", replicate)
                slots.matrix("obsm", slot, values, told(columns, meanings, name), columns)
            else:
                _put_map(slots, stem, values, columns)
        for column in ordered:
            if column not in grouped and column not in known and column not in _NO_RESULT:
                longer = f"{slots.key}_{name}_{column}"
                slot = _own(slots, "obs", f"{slots.key}_{column}", longer, replicate)
                slots.column("obs", slot, ordered[column], str(meanings.get(column, name)))
    return True


def _own(slots: Slots, axis: str, name: str, longer: str, replicate: int | None) -> str:
    return slots.own(
        axis, slots.of_replicate(name, replicate), slots.of_replicate(longer, replicate)
    )


def by_replicate(table: pd.DataFrame) -> Iterator[tuple[int | None, pd.DataFrame]]:
    """Yield the rows of every replicate; all of them under ``None`` where there are none."""
    if "replicate" not in table:
        yield None, table
        return
    for replicate, rows in table.groupby("replicate", sort=True):
        yield int(str(replicate)), rows


def _put_map(slots: Slots, stem: str, values: NDArray[np.float32], columns: list[str]) -> None:
    """Put a map of the run, unless the prepared data have the same one, or it lacks cells."""
    if not np.isfinite(values).all():
        return
    prefix = "" if stem.startswith("velocity") else "X_"
    there = slots.adata.obsm.get(f"{prefix}{stem}")
    if there is None:
        slots.matrix("obsm", f"{prefix}{stem}", values, f"{stem} map of the run", columns)
        return
    same = np.asarray(there)[:, : values.shape[1]]
    if same.shape != values.shape or not np.allclose(same, values, rtol=1e-4, atol=1e-4):
        name = f"{prefix}{slots.key}_{stem}"
        slots.matrix("obsm", name, values, f"{stem} map of what the run learned", columns)
