"""What is shown where cells have no map yet: how to make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.job_watch import watch_job
from dashboard._ui.latent_source import sources
from dashboard._ui.latent_state import DATA
from dashboard._ui.navigation import continue_button
from dashboard._ui.prepare_run import newest_prepare, submit_prepare
from dashboard._ui.runs_label import run_label
from dashboard._ui.selection import remember
from dashboard._ui.text import plain
from scdyn_core.runs.state import ENDED

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.runs.run import Run

_ASKED = "latent/prepare/asked"


def show_no_map(view: LatentView, *, name: str = "of") -> None:
    """Say that there is no map, and offer to make one with the recipe of the dataset.

    Parameters
    ----------
    name
        In the URL, of whose cells are looked at.
    """
    run = newest_prepare(view.record)
    if run is not None and run.state.status not in ENDED:
        watch_job(run, key=f"latent/{name}/prepare/cancel", title="Making a map")
        return
    if run is not None and st.session_state.pop(_ASKED, None) == view.record.id:
        if run.state.status == "done":
            remember(name, run.id, view.record.id)
            st.rerun()
        st.warning("No map was made: the run was stopped or failed. The page *Runs* says more.",
                   icon=":material/warning:")  # fmt: skip
    made = [one for one in sources(view.record).values() if one is not None and one.id != view.of]
    if view.of == DATA and made:
        _offer(made[0], view.record, name)
        return
    with st.container(border=True):
        st.markdown(
            ":material/scatter_plot: **These cells have no map yet.** The recipe makes one (steps "
            "*PCA* and *UMAP*) when it is run on all cells; a trained run brings its latents."
        )
        with st.container(horizontal=True):
            st.button("Run the recipe", key=f"latent/{name}/prepare", type="primary",
                      icon=":material/play_arrow:", on_click=_prepare,
                      args=(view.record,))  # fmt: skip
            continue_button("Train a model", "train", key=f"latent/{name}/train",
                            dataset=view.record.id)  # fmt: skip


def _offer(run: Run, record: DatasetRecord, name: str) -> None:
    """Lead to a run that has a map of these cells."""
    with st.container(border=True):
        st.markdown(
            ":material/scatter_plot: **These cells have no map as they came in.** A run has one: "
            f"{plain(run_label(run))}."
        )
        st.button("Show the map of this run", key=f"latent/{name}/offered", type="primary",
                  icon=":material/arrow_forward:", on_click=remember,
                  args=(name, run.id, record.id))  # fmt: skip


def _prepare(record: DatasetRecord) -> None:
    submit_prepare(record)
    st.session_state[_ASKED] = record.id
