"""Renaming and deleting a dataset, with undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import errors_shown
from dashboard._ui.selection import select_dataset
from dashboard._ui.services import dataset_store
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord

_DELETED = "deleted_dataset"


def show_manage(record: DatasetRecord) -> None:
    """Draw the menu with rename and delete."""
    with st.popover("Manage", icon=":material/more_horiz:", type="tertiary"):
        st.text_input(
            "Name",
            record.name,
            key=f"rename/{record.id}",
            max_chars=80,
            on_change=_rename,
            args=(record,),
        )
        st.download_button(
            "Download as .h5ad",
            data=lambda: dataset_store().path(record.id).open("rb"),
            file_name=f"{record.id}.h5ad",
            icon=":material/download:",
            on_click="ignore",
            key="download_dataset",
        )
        st.button(
            "Delete this dataset",
            icon=":material/delete:",
            key="delete_dataset",
            on_click=_delete,
            args=(record,),
        )


def show_undo() -> None:
    """Offer to bring back the dataset that was deleted last."""
    deleted: DatasetRecord | None = st.session_state.get(_DELETED)
    if deleted is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/delete: Deleted **{plain(deleted.name)}**.", width="stretch")
        st.button("Undo", key="undo_delete", icon=":material/undo:", on_click=_restore)
        st.button("Dismiss", key="forget_delete", type="tertiary", on_click=_forget)


def _rename(record: DatasetRecord) -> None:
    name = st.session_state[f"rename/{record.id}"].strip()
    if name:
        with errors_shown():
            dataset_store().rename(record.id, name)


def _delete(record: DatasetRecord) -> None:
    with errors_shown():
        dataset_store().delete(record.id)
        st.session_state[_DELETED] = record


def _restore() -> None:
    deleted: DatasetRecord = st.session_state.pop(_DELETED)
    with errors_shown():
        dataset_store().restore(deleted.id)
        select_dataset(deleted.id)


def _forget() -> None:
    st.session_state.pop(_DELETED, None)
