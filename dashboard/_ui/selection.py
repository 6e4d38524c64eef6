"""The current dataset and run: kept in the URL, remembered for the session.

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
    chosen = _remembered("dataset")
    if chosen not in records:
        chosen = next(iter(records), None)
    if chosen is None:
        return None
    select_dataset(chosen)
    return records[chosen]


def chosen_dataset() -> str:
    """Return the id of the dataset chosen last; empty text before the first choice."""
    return _remembered("dataset") or ""


def select_dataset(dataset_id: str) -> None:
    """Make a dataset the current one."""
    _remember("dataset", dataset_id)


def current_run() -> str | None:
    """Return the id of the chosen run, which may no longer exist."""
    chosen = _remembered("run")
    if chosen is not None:
        _remember("run", chosen)
    return chosen


def select_run(run_id: str) -> None:
    """Make a run the current one."""
    _remember("run", run_id)


def _remembered(name: str) -> str | None:
    value = st.query_params.get(name) or st.session_state.get(f"chosen_{name}")
    return None if value is None else str(value)


def _remember(name: str, value: str) -> None:
    st.session_state[f"chosen_{name}"] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value
