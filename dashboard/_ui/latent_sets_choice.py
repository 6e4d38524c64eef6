"""The saved sets of a dataset as cells of the map that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard._ui.latent_state import positions_of
from dashboard._ui.selection import forget, remember, remembered
from dashboard._ui.services import workspace
from scdyn_core.errors import ScdynError

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.cell_sets.cell_set import CellSet
    from scdyn_core.data.cell_sets.store import CellSetStore

Cells = NDArray[np.int64]

_NAME = "set"


def set_store() -> CellSetStore:
    """Return the store of cell sets."""
    from scdyn_core.data.cell_sets.store import CellSetStore

    return CellSetStore(workspace())


def saved_sets(view: LatentView) -> list[CellSet]:
    """Return the sets of the dataset, oldest first."""
    return set_store().sets(view.record.id)


def sets_of(view: LatentView) -> dict[str, Cells]:
    """Return the cells of every saved set on this map: name -> positions in the atlas, ascending.

    Sets whose cells cannot be read are left out; the list of sets says which.
    """
    found = {}
    for one in saved_sets(view):
        cells = cells_of(view, one)
        if cells is not None:
            found[one.name] = cells
    return found


def cells_of(view: LatentView, one: CellSet) -> Cells | None:
    """Return the cells of a set on this map; ``None`` when they cannot be read."""
    try:
        rows = rows_of(view.record.id, one)
    except ScdynError:
        return None
    return _located(view, rows, str(view.atlas.folder), view.record.id, one.id, one.revision)


def rows_of(dataset_id: str, one: CellSet) -> Cells:
    """Return the rows of a set in the stored dataset, ascending; never change them.

    Raises
    ------
    InputError
        When they cannot be read.
    """
    return _rows(str(workspace().home), dataset_id, one.id, one.revision)


def highlighted_set(view: LatentView) -> Cells:
    """Return the cells of the set that the user wants to see on the map, positions in the atlas.

    It is in the URL, as ``set``. Empty when there is none.
    """
    chosen = highlighted_id(view.record.id)
    one = next((one for one in saved_sets(view) if one.id == chosen), None)
    cells = None if one is None else cells_of(view, one)
    return np.empty(0, dtype=np.int64) if cells is None else cells


def highlighted_id(dataset_id: str) -> str | None:
    """Return the id of the set that is highlighted, which may no longer exist."""
    return remembered(_NAME, dataset_id)


def highlight(dataset_id: str, set_id: str | None) -> None:
    """Highlight a set on the map, or none."""
    if set_id is None:
        forget(_NAME, dataset_id)
    else:
        remember(_NAME, set_id, dataset_id)


@st.cache_resource(max_entries=256, show_spinner=False)
def _rows(home: str, dataset_id: str, set_id: str, revision: str) -> Cells:
    rows = set_store().cells(dataset_id, set_id)
    rows.flags.writeable = False
    return rows


@st.cache_resource(max_entries=256, show_spinner=False)
def _located(
    _view: LatentView, _rows: Cells, atlas: str, dataset_id: str, set_id: str, revision: str
) -> Cells:
    cells = positions_of(_view, _rows)
    cells.flags.writeable = False
    return cells
