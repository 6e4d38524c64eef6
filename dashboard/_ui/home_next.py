"""The next thing to do, found from what is there."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.navigation import continue_button
from dashboard._ui.results_page import results_page
from dashboard._ui.selection import current_dataset
from dashboard._ui.services import run_store
from dashboard._ui.text import plain


def show_next() -> None:
    """Draw one line with the next step and the button that does it."""
    record = current_dataset()
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="next_step"):
        if record is None:
            st.markdown(
                "**Start here:** upload your own file, or open a sample below.", width="stretch"
            )
            continue_button("Bring your data", "data", key="next_data")
            return
        name = plain(record.name)
        trained = [
            run
            for run in run_store().runs()
            if run.spec.kind == "train"
            and run.spec.dataset.fingerprint == record.fingerprint
            and run.state.status == "done"
        ]
        if trained:
            st.markdown(f"**Next:** explore what was learned from **{name}**.", width="stretch")
            chosen = {"dataset": record.id, "run": trained[0].id}
            page = results_page(trained[0]) or "runs"
            continue_button("Open results", page, key="next_results", **chosen)
        else:
            st.markdown(f"**Next:** preprocess **{name}**, then train.", width="stretch")
            continue_button("Continue", "preprocess", key="next_preprocess", dataset=record.id)
