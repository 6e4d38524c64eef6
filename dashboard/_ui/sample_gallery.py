"""Samples to look around with: one click and the data is checked, kept and open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.data_add import add_dataset
from dashboard._ui.errors import show_error
from dashboard._ui.navigation import go_to
from dashboard._ui.selection import chosen_dataset
from dashboard._ui.services import workspace
from dashboard._ui.stoppable import stoppable
from scdyn_core.data.samples import SAMPLES, fetch
from scdyn_core.errors import ScdynError

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
        open_sample(sample)


def open_sample(sample: Sample) -> None:
    """Fetch, check and keep a sample, and open it on the Data page."""
    cache = workspace().cache
    try:
        path = stoppable(
            f"Fetching {sample.title}…", lambda reporter: fetch(sample, cache, reporter)
        )
    except ScdynError as error:
        show_error(error)
        return
    error = add_dataset(path, sample.title)
    if error is not None:
        show_error(error)
        return
    go_to("data", dataset=chosen_dataset())
