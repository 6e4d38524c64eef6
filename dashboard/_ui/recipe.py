"""The recipe the user works on: one per dataset, remembered for the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.services import dataset_store

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.preprocess.recipe import Recipe
    from scdyn_core.runs.spec import DatasetRef


def current_recipe(record: DatasetRecord) -> Recipe:
    """Return the recipe chosen for a dataset, else the one that suits its roles."""
    from scdyn_core.preprocess.recipe import default_recipe

    chosen: Recipe | None = st.session_state.get(_key(record))
    return chosen or default_recipe(record.roles)


def set_recipe(record: DatasetRecord, recipe: Recipe) -> None:
    """Work on this recipe from now on."""
    st.session_state[_key(record)] = recipe


def dataset_ref(record: DatasetRecord) -> DatasetRef:
    """Return what a run needs to find this dataset."""
    from scdyn_core.runs.spec import DatasetRef

    return DatasetRef(
        path=dataset_store().path(record.id),
        name=record.name,
        fingerprint=record.fingerprint,
        roles=record.roles,
    )


def _key(record: DatasetRecord) -> str:
    return f"recipe/{record.id}"
