"""Groups of the cells that are looked at: the levels of a column, or the saved sets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard._ui.selection import remember, remembered

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView

Cells = NDArray[np.int64]
Sets = Mapping[str, Cells]
#: What groups are made of when it is no column: no column of data is called so.
SETS = "\x00sets"


def choose_grouping(view: LatentView, sets: Sets, *, label: str, name: str) -> str | None:
    """Draw the choice of a column or the sets; kept in the URL under ``name``.

    Returns
    -------
    str or None
        A column, ``SETS``, or ``None`` when there is neither.
    """
    columns = group_columns(view)
    options = ([SETS] if sets else []) + columns
    if not options:
        return None
    key, scope = f"latent/{name}", view.record.id
    asked = {"sets": SETS}.get(remembered(name, scope) or "", remembered(name, scope))
    usual = (view.record.roles.condition, view.record.roles.cell_type, *columns)
    st.session_state[key] = next(one for one in (asked, *usual, options[0]) if one in options)
    chosen: str = st.selectbox(
        label, options, key=key, format_func=lambda one: _title(one, sets),
        on_change=lambda: _keep(name, st.session_state[key], scope),
    )  # fmt: skip
    _keep(name, chosen, scope)
    return chosen


def group_columns(view: LatentView) -> list[str]:
    """Return the columns that name groups of cells, at least two, those with a role first."""
    roles = view.record.roles.assigned().values()
    there = [
        column.name
        for column in view.atlas.meta.columns
        if column.kind in ("category", "bool") and 2 <= column.n_levels < view.atlas.n_cells / 2
    ]
    return sorted(there, key=lambda name: name not in roles)


def groups_named(view: LatentView, sets: Sets, grouping: str) -> Sets:
    """Return the cells of every group; groups without cells are left out."""
    if grouping == SETS:
        return {name: cells for name, cells in sets.items() if len(cells)}
    return _levels(view.atlas, view.atlas.meta.key, grouping)


def grouping_key(sets: Sets, grouping: str) -> str:
    """Return what tells groups apart from others of the same atlas, for caches."""
    if grouping != SETS:
        return grouping
    digest = hashlib.blake2b()
    for name, cells in sets.items():
        digest.update(repr((name, len(cells))).encode())
        digest.update(np.ascontiguousarray(cells))
    return SETS + digest.hexdigest()


def found_in_expression(view: LatentView, grouping: str) -> bool:
    """Return whether groups may have been found from the genes they are compared by."""
    from scdyn_core.evaluation.expression.statements import experimental

    return grouping == SETS or not experimental(grouping, view.record.roles)


def _title(grouping: str, sets: Sets) -> str:
    return f"Cell sets ({len(sets)})" if grouping == SETS else grouping


def _keep(name: str, value: str, scope: str) -> None:
    remember(name, "sets" if value == SETS else value, scope)


@st.cache_resource(max_entries=32, show_spinner=False)
def _levels(_atlas: object, key: str, column: str) -> Sets:
    from scdyn_core.evaluation.expression.groups import groups_of

    return groups_of(_atlas.column(column))  # type: ignore[attr-defined]
