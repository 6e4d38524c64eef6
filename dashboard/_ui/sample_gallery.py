"""Samples to look around with: one click and the data is checked, kept and open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard._ui.data_add import add_dataset
from dashboard._ui.errors import show_error
from dashboard._ui.navigation import go_to
from dashboard._ui.selection import chosen_dataset
from dashboard._ui.services import workspace
from scdyn_core.data.samples import SAMPLES, fetch
from scdyn_core.errors import ScdynError
from scdyn_core.reporter import SilentReporter

if TYPE_CHECKING:
    from scdyn_core.data.samples import Sample


def show_samples() -> None:
    """List the samples, each with the button that opens it on the Data page."""
    with st.container(gap="xsmall"):
        for sample in SAMPLES:
            _row(sample)


def _row(sample: Sample) -> None:
    download = sample.kind == "download"
    name, summary, action = st.columns([3, 6, 1.4], vertical_alignment="center")
    name.markdown(f"**{sample.title}**  \n:small[:gray[{sample.cells:,} × {sample.genes:,}]]")
    summary.caption(sample.summary, help=sample.source)
    pressed = action.button(
        f"{sample.size / 1e6:.0f} MB" if download else "Open",
        key=f"sample_{sample.key}",
        icon=":material/download:" if download else ":material/play_arrow:",
        help="Download and open" if download else "Open this sample",
        width="stretch",
    )
    if pressed:
        _open(sample)


class DownloadBar(SilentReporter):
    """Shows the progress of a download as a bar."""

    def __init__(self, bar: DeltaGenerator) -> None:
        self._bar = bar

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Move the bar."""
        share = min(done / total, 1.0) if total else 0.0
        self._bar.progress(share, text=f"{stage.capitalize()} {done / 1e6:.0f} MB")


def _open(sample: Sample) -> None:
    bar = st.empty()
    try:
        path = fetch(sample, workspace().cache, DownloadBar(bar))
    except ScdynError as error:
        show_error(error)
        return
    finally:
        bar.empty()
    error = add_dataset(path, sample.title)
    if error is not None:
        show_error(error)
        return
    go_to("data", dataset=chosen_dataset())
