"""What the page Latent space looks at, and which cells are selected on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard._ui.aside_jobs import aside_job, shown
from dashboard._ui.services import workspace
from scdyn_core.data.atlas.atlas import Atlas
from scdyn_core.data.cell_sets.cell_set import Drawn
from scdyn_core.runs.atlases import dataset_atlas, run_atlas

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.runs.run import Run

#: ``of`` in the URL: the stored dataset itself.
DATA = "data"
_SELECTION, _ROUND = "latent/selection", "latent/round"


@dataclass(frozen=True)
class LatentView:
    """What is looked at.

    Attributes
    ----------
    record
        The dataset.
    atlas
        Its cells, or those that a run read.
    of
        ``data``, or the id of the run.
    run
        The run, with what it learned; ``None`` for the dataset itself.
    """

    record: DatasetRecord
    atlas: Atlas
    of: str
    run: Run | None


@dataclass(frozen=True)
class Selection:
    """Cells selected on a map.

    Attributes
    ----------
    dataset
        Id of the dataset.
    atlas
        Key of the atlas the cells are of.
    cells
        Positions in that atlas, ascending.
    rows
        Their rows in the stored dataset, ascending, those that have one.
    how
        How they were selected.
    """

    dataset: str
    atlas: str
    cells: NDArray[np.int64]
    rows: NDArray[np.int64]
    how: Drawn


def open_view(record: DatasetRecord, run: Run | None, *, key: str) -> LatentView | None:
    """Return what to look at; while its cells are laid out, draw the progress and return ``None``.

    That happens when data or run came in, and here only for those from before.
    """
    here = workspace()
    folder = dataset_atlas(here, record) if run is None else run_atlas(here, run)
    if folder is None or not folder.is_dir():
        request = {
            "home": str(here.home),
            "dataset": record.id,
            "run": None if run is None else str(run.path),
        }
        answer = shown(aside_job("lay_out", request), "Laying out the cells", key=f"{key}/lay_out")
        if answer is None:
            return None
        folder = Path(answer["atlas"])
    return LatentView(record, _opened(str(folder)), DATA if run is None else run.id, run)


def select(view: LatentView, cells: NDArray[np.int64], how: Drawn) -> None:
    """Select cells of what is looked at; none clears the selection."""
    if not len(cells):
        st.session_state.pop(_SELECTION, None)
        return
    rows = _rows(str(view.atlas.folder))[cells]
    st.session_state[_SELECTION] = Selection(
        view.record.id, view.atlas.meta.key, cells, np.sort(rows[rows >= 0]), how
    )


def clear_selection() -> None:
    """Select nothing, and wipe what was drawn on the maps (a callback)."""
    st.session_state.pop(_SELECTION, None)
    st.session_state[_ROUND] = selection_round() + 1


def selection_round() -> int:
    """Return a number that changes when what was drawn on the maps is wiped."""
    return int(st.session_state.get(_ROUND, 0))


def selection_of(view: LatentView) -> Selection | None:
    """Return what is selected in the dataset that is looked at."""
    found: Selection | None = st.session_state.get(_SELECTION)
    return found if found is not None and found.dataset == view.record.id else None


def current_selection(view: LatentView) -> NDArray[np.int64]:
    """Return the selected cells as positions in the atlas; empty when nothing is selected.

    A selection made on the cells of another run is the same cells here, as far as they are here.
    """
    found = selection_of(view)
    if found is None:
        return np.empty(0, dtype=np.int64)
    if found.atlas == view.atlas.meta.key:
        return found.cells
    return positions_of(view, found.rows)


def positions_of(view: LatentView, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where rows of the stored dataset are among the cells looked at, ascending."""
    here = _rows(str(view.atlas.folder))
    wanted = np.zeros(view.record.n_cells, dtype=bool)
    wanted[rows] = True
    return np.flatnonzero((here >= 0) & wanted[np.maximum(here, 0)])


@st.cache_resource(max_entries=16, show_spinner=False)
def _opened(folder: str) -> Atlas:
    return Atlas(Path(folder))


@st.cache_resource(max_entries=8, show_spinner=False)
def _rows(folder: str) -> NDArray[np.int64]:
    return np.asarray(_opened(folder).rows())
