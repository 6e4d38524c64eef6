"""Which column or layer plays which part: guessed with a reason, corrected with one choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import show_error
from dashboard._ui.services import dataset_store
from dashboard._ui.text import plain
from scdyn_core.data.roles import LAYER_ROLES, LEVEL_ROLES, RoleName, Roles
from scdyn_core.errors import ScdynError

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord

_GROUPS: dict[str, tuple[RoleName, ...]] = {
    "Matrices": LAYER_ROLES,
    "Cells": ("cell_type", "time", "pseudotime", "batch", "sample"),
    "Treatment": (
        "condition",
        "control_condition",
        "perturbation",
        "control_perturbation",
        "guide",
    ),
}


def show_roles(record: DatasetRecord) -> None:
    """Draw one choice per role; a change is saved at once."""
    st.caption(
        "scdyn guessed these from names and contents. Correct what is wrong; "
        "changes are saved with the dataset."
    )
    for column, (title, roles) in zip(st.columns(3), _GROUPS.items(), strict=True):
        with column:
            st.markdown(f"**{title}**")
            for role in roles:
                _role_choice(record, role)


def _role_choice(record: DatasetRecord, role: RoleName) -> None:
    options = _options(record, role)
    if role in LEVEL_ROLES and not options:
        return
    value = getattr(record.roles, role)
    if value is not None and value not in options:
        options = [value, *options]
    key = f"role/{record.id}/{role}"
    st.session_state[key] = value
    st.selectbox(
        role.replace("_", " ").capitalize(),
        options,
        key=key,
        index=None,
        placeholder="not in this dataset",
        help=Roles.model_fields[role].description,
        on_change=_save,
        args=(record, role),
    )
    guess = next((guess for guess in record.guesses if guess.role == role), None)
    if guess is not None and guess.value == value:
        st.caption(f":material/lightbulb: {plain(guess.reason)}")


def _options(record: DatasetRecord, role: RoleName) -> list[str]:
    if role in LEVEL_ROLES:
        column_name = getattr(record.roles, LEVEL_ROLES[role])
        column = next((column for column in record.obs if column.name == column_name), None)
        return [] if column is None else list(column.levels)
    if role in LAYER_ROLES:
        return [*(("X",) if role == "counts" else ()), *record.layers]
    return [column.name for column in record.obs]


def _save(record: DatasetRecord, role: RoleName) -> None:
    value = st.session_state[f"role/{record.id}/{role}"]
    changes: dict[str, str | None] = {role: value}
    for level_role, column_role in LEVEL_ROLES.items():
        if column_role == role:
            changes[level_role] = None
    try:
        dataset_store().set_roles(record.id, record.roles.replace(changes))
    except ScdynError as error:
        show_error(error)
    else:
        st.toast(f"Saved the role {role.replace('_', ' ')}", icon=":material/check:")
