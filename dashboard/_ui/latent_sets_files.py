"""Sets in and out: as CSV files, and from the groups of a column."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.downloads import csv_button
from dashboard._ui.errors import errors_shown
from dashboard._ui.latent_sets_choice import rows_of, saved_sets, set_store
from dashboard._ui.latent_sets_said import attempt, said
from dashboard._ui.services import workspace
from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.data.cell_sets.cell_set import CellSet
    from scdyn_core.data.cell_sets.tables import FoundSets, Made

_ROUND = "sets/upload/round"


def files_popover(view: LatentView, sets: list[CellSet]) -> None:
    """Draw the ways in and out."""
    place = st.popover("In / out", icon=":material/swap_vert:", key="sets/files",
                       on_change="rerun", help="CSV files, and sets from a column")  # fmt: skip
    if not place.open:
        return
    with place:
        said("files")
        with errors_shown():
            _from_column(view)
        st.divider()
        with errors_shown():
            _upload(view)
        st.divider()
        if sets:
            csv_button(
                partial(_table, view, sets),
                name=f"cell_sets_{view.record.id}",
                key="sets/csv",
                label=f"Download {count(len(sets), 'set')} as CSV",
            )
        else:
            st.caption("There is no set to download yet.")


def _from_column(view: LatentView) -> None:
    from scdyn_core.data.cell_sets.tables import MOST_LEVELS

    columns = {
        one.name: one.n_levels
        for one in view.atlas.meta.columns
        if one.kind in ("category", "bool") and one.n_levels <= MOST_LEVELS
    }
    if not columns:
        st.caption("These data have no column with groups to make sets of.")
        return
    name = st.selectbox("Groups of a column", list(columns), key="sets/column/name",
                        format_func=lambda name: f"{name} ({columns[name]})")  # fmt: skip
    st.button(
        f"Make {count(columns[name], 'set')}", key="sets/column/make", icon=":material/category:",
        on_click=lambda: attempt("files", partial(_make_from_column, view, name)),
    )  # fmt: skip


def _make_from_column(view: LatentView, name: str) -> str:
    from scdyn_core.data.cell_sets.tables import sets_of_column

    return _keep(view, sets_of_column(view.atlas.column(name), view.atlas.rows()))


def _upload(view: LatentView) -> None:
    from scdyn_core.data.cell_sets.tables import LARGEST_FILE, read_sets

    number = st.session_state.setdefault(_ROUND, 0)
    file = st.file_uploader(
        "Sets from a file (CSV or TSV)", key=f"sets/upload/{number}",
        max_upload_size=LARGEST_FILE // 1_000_000,
        help="A column cell with the names of cells, and a column set, or several columns with "
        "groups. The file is checked and stays on this computer.",
    )  # fmt: skip
    if file is None:
        return
    # A new key forgets the upload, so that it is not read again at every click.
    st.session_state[_ROUND] = number + 1
    with st.spinner("Reading the sets…"):
        atlas = _whole(view)
        found = read_sets(file.getvalue(), file.name, atlas.index())
        rows = atlas.rows()
        made = tuple((name, _rows(rows, cells), how) for name, cells, how in found.sets)
    attempt("files", lambda: _keep(view, found, made))
    st.rerun()


def _keep(view: LatentView, found: FoundSets, made: Sequence[Made] | None = None) -> str:
    from scdyn_core.data.cell_sets.names import free_name

    taken = [one.name for one in saved_sets(view)]
    named = []
    for name, rows, how in found.sets if made is None else made:
        named.append((free_name(name, taken), rows, how))
        taken.append(named[-1][0])
    set_store().save_all(view.record.id, named)
    words = [f"Made {count(len(named), 'set')}."]
    if found.unknown:
        examples = listed([plain(name, 30) for name in found.examples])
        words.append(f"{count(found.unknown, 'name is', 'names are')} of no cell here, "
                     f"for instance {examples}.")  # fmt: skip
    if found.left_out:
        words.append(f"Left out, for too many different values: "
                     f"{listed([plain(name, 30) for name in found.left_out])}.")  # fmt: skip
    return " ".join(words)


def _table(view: LatentView, sets: list[CellSet]) -> pd.DataFrame:
    from scdyn_core.data.cell_sets.tables import table_of_sets

    atlas = _whole(view)
    places = np.full(view.record.n_cells, -1, dtype=np.int64)
    of_cells = atlas.rows()
    places[of_cells[of_cells >= 0]] = np.flatnonzero(of_cells >= 0)
    located = [(one.name, places[rows_of(view.record.id, one)]) for one in sets]
    return table_of_sets([(name, cells[cells >= 0]) for name, cells in located], atlas.names)


def _whole(view: LatentView) -> Atlas:
    """Return the atlas with all cells of the dataset; a recipe may have left some out."""
    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.runs.atlases import dataset_atlas

    folder = dataset_atlas(workspace(), view.record)
    return Atlas(folder) if folder.is_dir() else view.atlas


def _rows(of_cells: NDArray[np.int64], cells: NDArray[np.int64]) -> NDArray[np.int64]:
    rows = of_cells[cells]
    return rows[rows >= 0]
