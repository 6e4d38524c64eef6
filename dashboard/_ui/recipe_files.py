"""Taking a recipe home, and bringing one in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import errors_shown
from dashboard._ui.recipe import current_recipe, set_recipe
from dashboard._ui.recipe_list import select_step

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord

_ROUND = "recipe_round"


def show_recipe_files(record: DatasetRecord) -> None:
    """Draw the download of the recipe as it is now, and the way to load another."""
    with st.container(horizontal=True):
        st.download_button(
            "Recipe",
            data=current_recipe(record).to_yaml(),
            file_name="recipe.yaml",
            mime="application/yaml",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key="download_recipe",
            help="The recipe as YAML, for another dataset or `scdyn prepare --recipe`",
        )
        with st.popover("Load", icon=":material/upload:", type="tertiary"):
            _load(record)


def _load(record: DatasetRecord) -> None:
    from scdyn_core.preprocess.recipe import Recipe

    round_ = st.session_state.setdefault(_ROUND, 0)
    file = st.file_uploader(
        "A recipe saved as YAML",
        type=["yaml", "yml"],
        max_upload_size=1,
        key=f"recipe_file_{round_}",
    )
    if file is None:
        return
    with errors_shown():
        text = file.getvalue().decode("utf-8", errors="replace")
        set_recipe(record, Recipe.from_yaml(text))
        select_step(record, None)
        st.session_state[_ROUND] = round_ + 1
        st.rerun()
