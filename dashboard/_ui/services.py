"""What the pages talk to: the stores on disk, and the one supervisor of background runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from scdyn_core.workspace import Workspace

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.data.store import DatasetStore
    from scdyn_core.runs.store import RunStore
    from scdyn_core.runs.supervisor import Supervisor


def workspace() -> Workspace:
    """Return the folder this dashboard works in."""
    return Workspace.default()


def dataset_store() -> DatasetStore:
    """Return the store of checked datasets."""
    return _dataset_store(workspace().home)


def run_store() -> RunStore:
    """Return the store of runs."""
    return _run_store(workspace().home)


def supervisor() -> Supervisor:
    """Return the supervisor, started once for the whole server, whoever looks at it."""
    return _supervisor(workspace().home)


def dataset_records() -> list[DatasetRecord]:
    """Return the records of all datasets, newest first."""
    return dataset_store().records()


@st.cache_resource(max_entries=4, show_spinner="Reading the data…")
def opened(dataset_id: str, fingerprint: str) -> Dataset:
    """Return a dataset, shared by all who look at it: never change it.

    ``fingerprint`` is part of the key, so that other contents under the same id are read anew.
    """
    return dataset_store().open(dataset_id)


@st.cache_resource(show_spinner=False)
def _dataset_store(home: Path) -> DatasetStore:
    from scdyn_core.data.store import DatasetStore

    return DatasetStore(Workspace(home))


@st.cache_resource(show_spinner=False)
def _run_store(home: Path) -> RunStore:
    from scdyn_core.runs.store import RunStore

    return RunStore(Workspace(home))


@st.cache_resource(show_spinner=False)
def _supervisor(home: Path) -> Supervisor:
    from scdyn_core.runs.supervisor import Supervisor

    keeper = Supervisor(_run_store(home))
    keeper.start()
    return keeper
