"""Preprocess: edit the recipe, see at once what it does, run it in full in the background."""

import streamlit as st

from dashboard._ui.empty import empty_state
from dashboard._ui.errors import errors_shown
from dashboard._ui.navigation import continue_button
from dashboard._ui.prepare_run import IN_FULL, PREVIEW, show_prepare, submit_prepare
from dashboard._ui.preview_jobs import chosen_cells, preview_job, steps_done
from dashboard._ui.preview_panel import show_preview_panel
from dashboard._ui.recipe import current_recipe
from dashboard._ui.recipe_files import show_recipe_files
from dashboard._ui.recipe_list import show_recipe_list
from dashboard._ui.recipe_step import show_selected_step
from dashboard._ui.selection import current_dataset
from dashboard._ui.text import count, plain

record = current_dataset()
if record is None:
    st.title("Preprocess", anchor=False)
    empty_state(
        "No data yet",
        "Preprocessing starts from a dataset: upload a file or open a sample.",
        action="Add data",
    )
    st.stop()

title, actions = st.columns([3, 3], vertical_alignment="bottom")
title.title("Preprocess", anchor=False)
with actions.container(horizontal=True, horizontal_alignment="right"):
    st.button(
        "Run in full",
        icon=":material/play_arrow:",
        key="run_in_full",
        on_click=submit_prepare,
        args=(record,),
    )
    continue_button("Continue to Train", "train", key="to_train", dataset=record.id)
st.caption(
    f"{plain(record.name)}: {count(record.n_cells, 'cell')} × {count(record.n_genes, 'gene')}. "
    "The suggested recipe suits most data; training prepares the data by itself."
)

job = None
with errors_shown():
    current_recipe(record).check(record.roles)
    job = preview_job(record, current_recipe(record), chosen_cells())

left, right = st.columns([2, 5], gap="medium")
with left:
    show_recipe_list(record, steps_done(job))
    show_recipe_files(record)
with right:
    show_selected_step(record)
    preview, full = st.tabs([PREVIEW, IN_FULL], key="stage", bind="query-params")
    if preview.open and job is not None:
        with preview:
            show_preview_panel(job)
    if full.open:
        with full, errors_shown():
            show_prepare(record)
