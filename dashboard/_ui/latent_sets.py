"""The panel of cell sets: keep a selection under a name, and all that can be done with sets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.latent_sets_choice import saved_sets, set_store
from dashboard._ui.latent_sets_column import show_column_job, write_column_button
from dashboard._ui.latent_sets_combine import combine_popover
from dashboard._ui.latent_sets_files import files_popover
from dashboard._ui.latent_sets_filter import filter_button
from dashboard._ui.latent_sets_list import show_list, show_undo
from dashboard._ui.latent_sets_said import attempt
from dashboard._ui.latent_sets_save import show_selected
from dashboard._ui.text import count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.cell_sets.cell_set import CellSet


@st.fragment
def show_sets(view: LatentView, selection: NDArray[np.int64]) -> None:
    """Draw the panel.

    Parameters
    ----------
    view
        The dataset or run that is looked at.
    selection
        Positions in the atlas of the cells that are selected, ascending.
    """
    show_selected(view, selection)
    sets = saved_sets(view)
    st.markdown(f"**Cell sets** · {len(sets)}" if sets else "**Cell sets**")
    with st.container(horizontal=True, gap="small", key="sets-actions"):
        combine_popover(view, sets)
        filter_button(view)
        files_popover(view, sets)
        write_column_button(view, sets)
    show_column_job(view)
    show_undo(view)
    show_list(view, sets)
    _said_damaged(view, sets)


def _said_damaged(view: LatentView, sets: list[CellSet]) -> None:
    damaged = set_store().damaged(view.record.id)
    if not damaged:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            f"{count(len(damaged), 'set')} cannot be read: the files are damaged.",
            icon=":material/warning:",
        )
        st.button("Delete them", key="sets/damaged", type="tertiary", on_click=_delete_all,
                  args=(view.record.id, damaged))  # fmt: skip


def _delete_all(dataset: str, set_ids: list[str]) -> None:
    for set_id in set_ids:
        attempt("list", partial(set_store().delete, dataset, set_id))
