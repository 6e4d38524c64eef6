"""What is shown where cells have no map yet: how to make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.job_watch import watch_job
from dashboard._ui.navigation import continue_button
from dashboard._ui.prepare_run import newest_prepare, submit_prepare
from scdyn_core.runs.state import ENDED

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView


def show_no_map(view: LatentView) -> None:
    """Say that there is no map, and offer to make one with the recipe of the dataset."""
    run = newest_prepare(view.record)
    if run is not None and run.state.status not in ENDED:
        watch_job(run, key="latent/prepare/cancel", title="Making a map")
        return
    with st.container(border=True):
        st.markdown(
            ":material/scatter_plot: **These cells have no map yet.** The recipe makes one (steps "
            "*PCA* and *UMAP*) when it is run on all cells; a trained run brings its latents."
        )
        with st.container(horizontal=True):
            st.button("Run the recipe", key="latent/prepare", type="primary",
                      icon=":material/play_arrow:", on_click=submit_prepare,
                      args=(view.record,))  # fmt: skip
            continue_button("Train a model", "train", key="latent/train", dataset=view.record.id)
