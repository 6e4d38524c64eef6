"""Sets made of sets: either, both, one but not the other, not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import errors_shown
from dashboard._ui.latent_sets_choice import rows_of
from dashboard._ui.latent_sets_save import save_form
from dashboard._ui.text import count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.cell_sets.cell_set import CellSet

#: Operation -> its sign between two names, and what it means.
OPERATIONS = {
    "union": ("∪", "Cells in A or B"),
    "intersection": ("∩", "Cells in A and B"),
    "difference": ("−", "Cells in A but not in B"),
    "symmetric difference": ("△", "Cells in A or B but not in both"),
    "complement": ("not", "All cells of the dataset that are not in A"),
}


def combine_popover(view: LatentView, sets: list[CellSet]) -> None:
    """Draw the choice of sets and operation, with how many cells it gives."""
    place = st.popover(
        "Combine", icon=":material/join_inner:", key="sets/combine", on_change="rerun",
        disabled=not sets,
        help="A new set of one or two others" if sets else "There is no set to combine yet",
    )  # fmt: skip
    if place.open and sets:
        with place, errors_shown():
            _choose(view, sets)


def _choose(view: LatentView, sets: list[CellSet]) -> None:
    by_id = {one.id: one for one in sets}
    first = _one_of(by_id, "A", 0)
    operation = st.segmented_control(
        "Operation",
        list(OPERATIONS),
        format_func=lambda name: OPERATIONS[name][0],
        default="union",
        required=True,
        key="sets/combine/operation",
        label_visibility="collapsed",
    )
    chosen = [first]
    if operation != "complement":
        chosen.append(_one_of(by_id, "B", 1))
    st.caption(OPERATIONS[operation][1])
    rows = _combined(operation, view, chosen)
    st.markdown(f"**{count(len(rows), 'cell')}**")
    from scdyn_core.data.cell_sets.cell_set import Combined

    how = Combined(operation=operation, sets=tuple(one.name for one in chosen))
    save_form(view, rows, how, key="combined", suggested=_suggested(operation, chosen))


def _one_of(by_id: dict[str, CellSet], label: str, usual: int) -> CellSet:
    chosen: str = st.selectbox(
        label,
        list(by_id),
        index=min(usual, len(by_id) - 1),
        format_func=lambda set_id: f"{by_id[set_id].name} ({by_id[set_id].n_cells:,})",
        key=f"sets/combine/{label}",
    )
    return by_id[chosen]


def _combined(operation: str, view: LatentView, chosen: list[CellSet]) -> NDArray[np.int64]:
    from scdyn_core.data.cell_sets import algebra

    rows = [rows_of(view.record.id, one) for one in chosen]
    if operation == "complement":
        return algebra.complement(rows[0], view.record.n_cells)
    two: dict[str, Callable[..., NDArray[np.int64]]] = {
        "union": algebra.union,
        "intersection": algebra.intersection,
        "difference": algebra.difference,
        "symmetric difference": algebra.symmetric_difference,
    }
    return two[operation](*rows)


def _suggested(operation: str, chosen: list[CellSet]) -> str:
    sign = OPERATIONS[operation][0]
    if len(chosen) == 1:
        return f"{sign} {chosen[0].name}"
    return f" {sign} ".join(one.name for one in chosen)
