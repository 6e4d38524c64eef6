"""The recipe in full, as a background run: start it, watch it, see and take home the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import errors_shown, show_error_parts
from dashboard._ui.job_watch import watch_job
from dashboard._ui.preview_view import show_preview
from dashboard._ui.recipe import current_recipe, dataset_ref
from dashboard._ui.run_words import ago, status_badge
from dashboard._ui.services import run_store
from dashboard._ui.stale import stale_banner
from scdyn_core.runs.state import ENDED

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.preprocess.preview import Preview
    from scdyn_core.runs.run import Run

PREVIEW, IN_FULL = "Preview", "In full"


def submit_prepare(record: DatasetRecord) -> None:
    """Queue the current recipe on the whole dataset and open the tab that shows it."""
    from scdyn_core.runs.spec import RunSpec

    with errors_shown():
        recipe = current_recipe(record)
        recipe.check(record.roles)
        run_store().submit(RunSpec(kind="prepare", dataset=dataset_ref(record), recipe=recipe))
        st.session_state["stage"] = IN_FULL
        st.toast("Running in the background", icon=":material/play_arrow:")


def newest_prepare(record: DatasetRecord) -> Run | None:
    """Return the newest run that prepared this dataset, whatever the recipe."""
    for run in run_store().runs():
        spec = run.spec
        if spec.kind == "prepare" and spec.dataset.fingerprint == record.fingerprint:
            return run
    return None


def show_prepare(record: DatasetRecord) -> None:
    """Draw the newest full preparation of this dataset."""
    run = newest_prepare(record)
    if run is None:
        st.markdown(
            "Nothing is prepared in full yet. **Run in full** applies the recipe to all "
            f"{record.n_cells:,} cells in the background; training does it by itself, too."
        )
        return
    state = run.state
    if state.status not in ENDED:
        watch_job(run, key="cancel_prepare")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        status_badge(state.status)
        st.caption(f"ended {ago(state.ended or state.created)}")
    same = (
        run.spec.recipe.digest() == current_recipe(record).digest()
        and run.spec.dataset.roles == record.roles
    )
    if not same:
        stale_banner(
            "This result", "the recipe or the roles have changed since", "Run in full again."
        )
    if state.error:
        show_error_parts(state.error)
    if state.status == "done":
        _downloads(run)
        show_preview(_result(run.id, record.id, record.fingerprint), key="full")


def _downloads(run: Run) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Prepared data",
            data=lambda: (run.path / "prepared" / "data.h5ad").open("rb"),
            file_name="prepared.h5ad",
            icon=":material/download:",
            on_click="ignore",
            key="download_prepared",
        )
        st.download_button(
            "Its recipe",
            data=run.spec.recipe.to_yaml(),
            file_name="recipe.yaml",
            mime="application/yaml",
            icon=":material/download:",
            on_click="ignore",
            key="download_prepared_recipe",
        )


@st.cache_resource(max_entries=4, show_spinner="Reading the result…")
def _result(run_id: str, dataset_id: str, fingerprint: str) -> Preview:
    from dashboard._ui.data_overview import quality_of
    from dashboard._ui.services import dataset_store
    from scdyn_core.preprocess.finished import read_finished

    before = quality_of(dataset_store().record(dataset_id))
    return read_finished(run_store().run(run_id).path / "prepared", before)
