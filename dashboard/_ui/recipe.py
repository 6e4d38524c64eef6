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

    return chosen_recipe(record) or default_recipe(record.roles)


def chosen_recipe(record: DatasetRecord) -> Recipe | None:
    """Return the recipe that was chosen or edited; ``None`` while it is the suggested one."""
    chosen: Recipe | None = st.session_state.get(_key(record))
    return chosen


def set_recipe(record: DatasetRecord, recipe: Recipe) -> None:
    """Work on this recipe from now on; ``undo_recipe`` goes back."""
    st.session_state[_earlier(record)] = [*earlier_recipes(record), chosen_recipe(record)]
    st.session_state[_key(record)] = recipe


def earlier_recipes(record: DatasetRecord) -> list[Recipe | None]:
    """Return what ``chosen_recipe`` was before each change that can be undone, oldest first."""
    earlier: list[Recipe | None] = st.session_state.get(_earlier(record), [])
    return earlier


def undo_recipe(record: DatasetRecord) -> None:
    """Take the last change back: a step edited, moved, added or removed, or another recipe."""
    *earlier, last = earlier_recipes(record)
    st.session_state[_earlier(record)] = earlier
    if last is None:
        del st.session_state[_key(record)]
    else:
        st.session_state[_key(record)] = last


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


def _earlier(record: DatasetRecord) -> str:
    return f"earlier_recipes/{record.id}"
