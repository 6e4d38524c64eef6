"""The URL when another dataset is looked at: what was chosen for the one before leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord

_BEFORE = "latent/address"
#: Means the same for every dataset.
_KEPT = ("dataset", "show", "split", "figure")


def leave_other(record: DatasetRecord) -> None:
    """Drop from the URL what is of another dataset, unless a link just put it there.

    The URL wins over what the session remembers, which would otherwise not be found again.
    """
    before: dict[str, str] = st.session_state.get(_BEFORE, {})
    if before.get("dataset", record.id) == record.id:
        return
    for name, value in before.items():
        if name not in _KEPT and st.query_params.get(name) == value:
            del st.query_params[name]


def keep_address() -> None:
    """Remember the URL as this page leaves it."""
    st.session_state[_BEFORE] = st.query_params.to_dict()
