"""The recipe as an ordered list: choose a named one, pick a step to edit, add one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.recipe import current_recipe, earlier_recipes, set_recipe, undo_recipe

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.preprocess.recipe import Recipe
    from scdyn_core.preprocess.step import StepRecord

_ABOUT = {
    "velocity": "Quality, log values, maps and RNA velocity",
    "expression": "Filter genes, normalise, log values and maps",
    "log_values": "Maps of data that are log values already",
    "pseudotime": "Log values, maps and an ordering of the cells",
    "velocity_pseudotime": "Velocity, then an order of the cells along it",
    "windows": "Velocity, then averages over windows along the ordering",
    "none": "Use the data as they are",
}


def show_recipe_list(record: DatasetRecord, done: dict[int, StepRecord]) -> None:
    """Draw the recipe of a dataset.

    Parameters
    ----------
    record
        The dataset.
    done
        Position of a step -> what it did in the preview, where there is one.
    """
    recipe = current_recipe(record)
    _choice(record, recipe)
    with st.container(gap=None):
        for position in range(len(recipe.steps)):
            _row(record, recipe, position, done.get(position))
    _add(record)


def selected_step(record: DatasetRecord) -> int | None:
    """Return the position of the step that is being edited."""
    position: int | None = st.session_state.get(f"selected_step/{record.id}")
    if position is None or position >= len(current_recipe(record).steps):
        return None
    return position


def select_step(record: DatasetRecord, position: int | None) -> None:
    """Edit another step, or none."""
    st.session_state[f"selected_step/{record.id}"] = position


def change_of(result: StepRecord) -> str:
    """Return in a few words what a step removed."""
    parts = []
    if lost := result.cells_before - result.cells_after:
        parts.append(f"−{lost:,} cells")
    if lost := result.genes_before - result.genes_after:
        parts.append(f"−{lost:,} genes")
    return ", ".join(parts)


def _row(record: DatasetRecord, recipe: Recipe, position: int, result: StepRecord | None) -> None:
    step = recipe.steps[position]
    selected = position == selected_step(record)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            f"{position + 1}. {step.title}",
            key=f"step_{position}",
            type="secondary" if selected else "tertiary",
            help=step.summary,
            on_click=select_step,
            args=(record, None if selected else position),
        )
        st.space("stretch")
        if result is not None:
            st.caption(change_of(result), width="content")


def _choice(record: DatasetRecord, recipe: Recipe) -> None:
    from scdyn_core.preprocess.recipe import RECIPES, default_recipe

    suggested = default_recipe(record.roles).name
    named = RECIPES.get(recipe.name)
    changed = named is not None and recipe.digest() != named.digest()
    key = f"recipe_choice/{record.id}"
    st.session_state[key] = recipe.name

    def words(name: str) -> str:
        marks = [
            *(["suggested"] if name == suggested else []),
            *(["changed"] if name == recipe.name and changed else []),
        ]
        return name.replace("_", " ") + (f" ({', '.join(marks)})" if marks else "")

    st.selectbox(
        "Recipe",
        list(dict.fromkeys([*RECIPES, recipe.name])),
        filter_mode=None,
        format_func=words,
        key=key,
        on_change=_chosen,
        args=(record,),
    )
    st.caption(_ABOUT.get(recipe.name, "Loaded from a file"))
    with st.container(horizontal=True):
        if earlier_recipes(record):
            st.button(
                "Undo",
                icon=":material/undo:",
                type="tertiary",
                key="undo_recipe",
                on_click=_undo,
                args=(record,),
                help="Takes the last change of the recipe back",
            )
        if changed:
            st.button(
                "Start over",
                icon=":material/restart_alt:",
                type="tertiary",
                key="reset_recipe",
                on_click=_chosen,
                args=(record,),
                help="Goes back to the recipe of this name; can be undone",
            )


def _undo(record: DatasetRecord) -> None:
    undo_recipe(record)
    select_step(record, None)


def _chosen(record: DatasetRecord) -> None:
    from scdyn_core.preprocess.recipe import RECIPES

    name = st.session_state[f"recipe_choice/{record.id}"]
    if name in RECIPES:
        set_recipe(record, RECIPES[name])
        select_step(record, None)


def _add(record: DatasetRecord) -> None:
    from scdyn_core.preprocess.steps import STEPS

    st.selectbox(
        "Add a step",
        list(STEPS),
        index=None,
        placeholder="Add a step…",
        format_func=lambda kind: f"{STEPS[kind].title}: {STEPS[kind].summary}",
        key="added_step",
        label_visibility="collapsed",
        on_change=_added,
        args=(record,),
    )


def _added(record: DatasetRecord) -> None:
    from scdyn_core.preprocess.steps import STEPS

    kind = st.session_state["added_step"]
    if kind is None:
        return
    st.session_state["added_step"] = None
    recipe = current_recipe(record)
    order = list(STEPS)
    # After the last step that usually comes earlier: where the user would most likely put it.
    earlier = [
        position
        for position, step in enumerate(recipe.steps)
        if order.index(step.kind) <= order.index(kind)
    ]
    place = earlier[-1] + 1 if earlier else 0
    steps = (*recipe.steps[:place], STEPS[kind](), *recipe.steps[place:])
    set_recipe(record, recipe.model_copy(update={"steps": steps}))
    select_step(record, place)
