"""The part of a map that is drawn: all of it, or what is around the selected cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard._ui.latent_sets_choice import highlight
from dashboard._ui.latent_state import clear_selection
from dashboard._ui.text import count
from scdyn_core.plots.cell_raster import Window
from scdyn_core.plots.points import MOST_POINTS

if TYPE_CHECKING:
    from dashboard._ui.latent_maps import MapChoice
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.plots.cell_map import CellMap


def chosen_window(view: LatentView, choice: MapChoice, axes: tuple[int, int]) -> Window | None:
    """Return the part of a map that was zoomed to; ``None`` for all of it."""
    return st.session_state.get(_key(view, choice, axes))


def show_window(
    view: LatentView,
    choice: MapChoice,
    axes: tuple[int, int],
    cells: CellMap,
    selected: NDArray[np.int64],
    *,
    side: str,
) -> None:
    """Draw the line below a map: how many cells, zooming to the selected ones, clearing them."""
    key = _key(view, choice, axes)
    zoomed = st.session_state.get(key) is not None
    total = view.atlas.n_cells
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        drawn = "" if total <= MOST_POINTS else ", drawn as a picture that zooming makes sharper"
        st.caption(f"{count(total, 'cell')}{drawn}.")
        st.button(
            "Zoom to selection", key=f"latent/{side}/zoom", icon=":material/zoom_in:",
            type="tertiary", disabled=not len(selected), on_click=_zoom,
            args=(key, cells, selected),
            help="Draws the selected cells as large as they go"
            if len(selected) else "Select cells first: draw around them",
        )  # fmt: skip
        if zoomed:
            st.button("Whole map", key=f"latent/{side}/whole", icon=":material/zoom_out_map:",
                      type="tertiary", on_click=st.session_state.pop, args=(key, None))  # fmt: skip
        if len(selected):
            st.button("Clear", key=f"latent/{side}/clear", icon=":material/deselect:",
                      type="tertiary", on_click=_show_all_alike, args=(view.record.id,),
                      help="Shows all cells alike again")  # fmt: skip


def _zoom(key: str, cells: CellMap, selected: NDArray[np.int64]) -> None:
    st.session_state[key] = Window.around(cells.xy[selected], margin=0.08)


def _show_all_alike(dataset_id: str) -> None:
    clear_selection()
    highlight(dataset_id, None)


def _key(view: LatentView, choice: MapChoice, axes: tuple[int, int]) -> str:
    return f"latent/window/{view.of}/{choice.key}/{axes}"
