"""One step of the recipe: its parameters, its place, its removal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.form import model_form
from dashboard._ui.greyed import greyed
from dashboard._ui.recipe import current_recipe, set_recipe
from dashboard._ui.recipe_list import select_step, selected_step

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.preprocess.recipe import Recipe


def show_selected_step(record: DatasetRecord) -> None:
    """Draw the editor of the step that is selected, if one is."""
    position = selected_step(record)
    if position is None:
        return
    recipe = current_recipe(record)
    step = recipe.steps[position]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"**{position + 1}. {step.title}**", width="stretch")
            first = "This is the first step." if position == 0 else None
            _button("Up", "arrow_upward", _move, record, -1, why_not=first)
            last = "This is the last step." if position + 1 == len(recipe.steps) else None
            _button("Down", "arrow_downward", _move, record, 1, why_not=last)
            _button("Remove", "delete", _remove, record)
            _button("Close", "close", select_step, record, None)
        st.caption(step.summary)
        edited = model_form(type(step), step, key=f"step/{record.id}/{position}/{step.kind}")
        if not set(type(step).model_fields) - {"kind"}:
            st.markdown(":gray[This step has no settings.]")
    if edited is not None and edited != step:
        _replace(record, recipe, position, edited)
        st.rerun()


def _button(
    label: str,
    icon: str,
    callback: Callable[..., None],
    *args: object,
    why_not: str | None = None,
) -> None:
    st.button(
        label,
        key=f"step_{label}",
        icon=f":material/{icon}:",
        type="tertiary",
        on_click=callback,
        args=args,
        **greyed(why_not),
    )


def _replace(record: DatasetRecord, recipe: Recipe, position: int, step: object) -> None:
    steps = [*recipe.steps]
    steps[position] = step
    set_recipe(record, recipe.model_copy(update={"steps": tuple(steps)}))


def _move(record: DatasetRecord, by: int) -> None:
    position = selected_step(record)
    if position is None:
        return
    recipe = current_recipe(record)
    steps = [*recipe.steps]
    steps.insert(position + by, steps.pop(position))
    set_recipe(record, recipe.model_copy(update={"steps": tuple(steps)}))
    select_step(record, position + by)


def _remove(record: DatasetRecord) -> None:
    position = selected_step(record)
    if position is None:
        return
    recipe = current_recipe(record)
    steps = recipe.steps[:position] + recipe.steps[position + 1 :]
    set_recipe(record, recipe.model_copy(update={"steps": steps}))
    select_step(record, None)
