"""Cell sets that were saved with the data of a run, as truths in ``obs``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ScdynError
from scdyn_core.export.annotated.slots import Slots, storable
from scdyn_core.workspace import Workspace


def put_sets(slots: Slots, original: Dataset, workspace: Workspace) -> None:
    """Put whether each cell is in a set, as ``set_<name>``; damaged sets are passed over.

    Parameters
    ----------
    original
        The data as stored: a set holds rows of these.
    """
    store, identifier = CellSetStore(workspace), original.fingerprint[:16]
    names = original.adata.obs_names
    try:
        saved = store.sets(identifier)
    except ScdynError:
        return
    for one in saved:
        try:
            rows = np.asarray(store.cells(identifier, one.id))
        except ScdynError:
            continue
        inside = slots.adata.obs_names.isin(names[rows])
        slots.column("obs", _free(slots, f"set_{one.name}"), pd.Series(inside), one.how.words())


def _free(slots: Slots, name: str) -> str:
    """Return the name, with a number behind it where a set or a column has it already."""
    found, number = name, 2
    while storable(found) in slots.adata.obs:
        found, number = f"{name}_{number}", number + 1
    return found
