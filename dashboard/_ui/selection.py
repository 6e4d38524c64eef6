"""The current dataset, run and the like: kept in the URL, remembered for the session.

The URL wins, so that a shared link opens what it names; without it the session's last choice
is put back into the URL, since the menu of pages clears the query parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.services import dataset_records

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord


def current_dataset() -> DatasetRecord | None:
    """Return the chosen dataset, else the newest, else ``None`` when there is none."""
    records = {record.id: record for record in dataset_records()}
    chosen = remembered("dataset")
    if chosen not in records:
        chosen = next(iter(records), None)
    if chosen is None:
        return None
    select_dataset(chosen)
    return records[chosen]


def chosen_dataset() -> str:
    """Return the id of the dataset chosen last; empty text before the first choice."""
    return remembered("dataset") or ""


def select_dataset(dataset_id: str) -> None:
    """Make a dataset the current one."""
    remember("dataset", dataset_id)


def current_run() -> str | None:
    """Return the id of the chosen run, which may no longer exist."""
    chosen = remembered("run")
    if chosen is not None:
        remember("run", chosen)
    return chosen


def select_run(run_id: str) -> None:
    """Make a run the current one."""
    remember("run", run_id)


def remembered(name: str, scope: str = "") -> str | None:
    """Return what the URL says under a name, else what the session remembers.

    ``scope`` names what the choice belongs to, such as a run, where another has one of its own.
    """
    value = st.query_params.get(name) or st.session_state.get(f"chosen_{name}{scope}")
    return None if value is None else str(value)


def remember(name: str, value: str, scope: str = "") -> None:
    """Keep a choice in the URL and for the session."""
    st.session_state[f"chosen_{name}{scope}"] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def forget(name: str, scope: str = "") -> None:
    """Go back to what is suggested."""
    st.session_state.pop(f"chosen_{name}{scope}", None)
    st.query_params.pop(name, None)
