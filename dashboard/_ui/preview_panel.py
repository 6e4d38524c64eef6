"""The preview of the recipe on some of the cells, computed beside the page."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.errors import show_error
from dashboard._ui.preview_jobs import CELLS, PreviewJob, chosen_cells, preview_again
from dashboard._ui.preview_view import show_preview
from dashboard._ui.text import plain
from scdyn_core.errors import ScdynError


def show_preview_panel(job: PreviewJob) -> None:
    """Draw a preview, or how far it is; the page goes on meanwhile."""
    if not job.future.done():
        st.fragment(_wait, run_every=0.5)(job)
        return
    if job.future.cancelled():
        st.rerun()
    error = job.future.exception()
    if error is not None:
        if isinstance(error, ScdynError):
            show_error(error)
        else:
            st.error(f"The preview stopped: {plain(error)}.", icon=":material/error:")
        st.button(
            "Try again", icon=":material/refresh:", key="preview_again", on_click=preview_again
        )
    else:
        seen = job.future.result()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                f"Seen on {seen.cells_used:,} of {seen.cells_total:,} cells",
                help="Thresholds on numbers of cells or counts over all cells remove more genes "
                "here than in full, because there are fewer cells.",
            )
            st.selectbox(
                "Cells in the preview",
                CELLS,
                index=CELLS.index(chosen_cells()),
                key="preview_cells",
                persist_state="session",
                label_visibility="collapsed",
                format_func=lambda n: f"{n:,} cells",
                width=140,
            )
        show_preview(seen, key="preview")


def _wait(job: PreviewJob) -> None:
    if job.future.done():
        st.rerun()
    st.progress(
        min(job.listener.share, 1.0), text=f"Previewing: {plain(job.listener.step.lower())}…"
    )
