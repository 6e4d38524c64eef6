"""The background run that computes attributions: its form, its progress, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.dynamics_model import has_model
from dashboard._ui.errors import errors_shown, show_error_parts
from dashboard._ui.form import model_form
from dashboard._ui.greyed import WRONG_SETTINGS, greyed
from dashboard._ui.job_watch import watch_job
from dashboard._ui.services import run_store
from scdyn_core.runs.state import ENDED

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

NO_MODEL = (
    "This run keeps no trained model, which attributions are computed from. Train it again: "
    "*Copy settings* on the Runs page fills in the form."
)


def newest_explanation(run: Run) -> Run | None:
    """Return the newest background run that explains ``run``."""
    for other in run_store().runs():
        if other.spec.kind == "explain" and other.spec.explains == run.path:
            return other
    return None


def show_job(run: Run, replicate: int, *, computed: bool) -> None:
    """Draw the form, or how far the attributions are while they are computed."""
    if not has_model(run):
        st.info(NO_MODEL)
        return
    job = newest_explanation(run)
    if job is not None and job.state.status not in ENDED:
        watch_job(job, key="programs/cancel", title="Attributions")
        return
    if job is not None and job.state.error is not None:
        show_error_parts(job.state.error)
    elif job is not None and job.state.status == "cancelled":
        st.caption("The last computation was cancelled.")
    folded = st.expander(
        "Compute again" if computed else "Compute attributions",
        icon=":material/calculate:",
        expanded=not computed,
        key="programs/job",
        on_change="rerun",
    )
    if folded.open:
        with folded:
            _form(run, replicate)


def _form(run: Run, replicate: int) -> None:
    from scdyn_core.methods.clera.explain.config import ExplainConfig

    st.markdown(
        "Shapley values say how much each input moved each output in each cell, against the "
        "average of the background. They are computed on **test** cells only, in the background."
    )
    key = f"explain/{run.id}/{replicate}"
    request = model_form(ExplainConfig, ExplainConfig(replicates=(replicate + 1,)), key=key)
    if st.button("Compute", key="programs/compute", type="primary", icon=":material/play_arrow:",
                 **greyed(WRONG_SETTINGS if request is None else None)):  # fmt: skip
        assert request is not None
        with errors_shown():
            run_store().submit(run.spec.model_copy(update={
                "kind": "explain",
                "explains": run.path,
                "explanation": request.model_dump(mode="json"),
            }))  # fmt: skip
            st.rerun()
