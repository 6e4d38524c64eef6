"""The panel with every way to bring data in."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.data_add import REFUSED, UPLOAD_ROUND, show_inbox, show_upload
from dashboard._ui.sample_gallery import show_samples


def show_add(*, needed: bool) -> None:
    """Draw every way to bring data in; open by itself when ``needed`` or after a refusal."""
    # With the round in its key the panel folds away again once an upload has succeeded.
    panel = st.expander(
        "Add data",
        expanded=needed or bool(st.session_state.get(REFUSED)),
        icon=":material/add:",
        key=f"add_data_{st.session_state.get(UPLOAD_ROUND, 0)}",
        on_change="rerun",
    )
    if not panel.open:
        return
    with panel:
        upload, samples, inbox = st.tabs(
            [
                ":material/upload: Upload",
                ":material/science: Samples",
                ":material/folder: Server inbox",
            ]
        )
        with upload:
            show_upload()
        with samples:
            show_samples()
        with inbox:
            show_inbox()
