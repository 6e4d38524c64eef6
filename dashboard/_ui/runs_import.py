"""A run that another scdyn packed, taken in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import show_error
from dashboard._ui.selection import select_run
from dashboard._ui.services import workspace
from dashboard._ui.stoppable import stoppable
from dashboard._ui.text import plain
from scdyn_core.errors import ScdynError

if TYPE_CHECKING:
    from scdyn_core.reporter import Reporter
    from scdyn_core.runs.run import Run

_ROUND, _REFUSED = "runs/import_round", "runs/import_refused"


def show_import() -> None:
    """Draw the upload of a run; the file is checked as one from a stranger."""
    with st.popover("Import", icon=":material/upload:", key="runs/import",
                    help="A run from another scdyn, as one file"):  # fmt: skip
        number = st.session_state.setdefault(_ROUND, 0)
        file = st.file_uploader(
            "A run as one file (.zip), from “Take away” of another scdyn",
            key=f"runs/import/{number}",
            help="Everything in it is checked and written anew; it runs no code and opens no other "
            "file. Data do not come with it: add them on the Data page.",
        )
        if (refused := st.session_state.get(_REFUSED)) is not None:
            show_error(refused)
        if file is not None:
            _take_in(file.name, file.getbuffer())
            _forget_upload()
            st.rerun()


def _take_in(name: str, content: memoryview) -> None:
    from scdyn_core.runs.bundles.take_in import import_bundle

    st.session_state[_REFUSED] = None
    with tempfile.TemporaryDirectory(prefix="scdyn-import-") as folder:
        path = Path(folder) / "run.zip"
        path.write_bytes(content)
        place = workspace()

        def work(reporter: Reporter) -> Run:
            return import_bundle(path, place, reporter)

        try:
            run = stoppable(f"Checking {plain(name)}…", work, on_stop=_forget_upload)
        except ScdynError as error:
            st.session_state[_REFUSED] = error
            return
    select_run(run.id)
    st.toast(f"Imported {plain(run.spec.dataset.name)}", icon=":material/check:")


def _forget_upload() -> None:
    """Give the next upload a new key, so that this one is not read again at every click."""
    st.session_state[_ROUND] += 1
