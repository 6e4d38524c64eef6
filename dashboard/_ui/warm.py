"""Libraries that pages need sooner or later, readied while the first visitor reads Home."""

from __future__ import annotations

from importlib import import_module
from threading import Thread

import streamlit as st

#: What the pages import when they are first looked at: most of a second each on a slow machine.
_LATER = (
    "scdyn_core.preprocess.steps",
    "scdyn_core.methods.registry",
    "scdyn_core.plots.embedding",
    "scdyn_core.plots.quality",
    "scdyn_core.plots.phase_portrait",
    "scdyn_core.networks.view",
    "scdyn_core.networks.stored",
    "scdyn_core.plots.network_elements",
    "scdyn_core.plots.network_ranking",
    "scdyn_core.plots.network_neighbours",
    "scdyn_core.plots.network_comparison",
    "scdyn_core.plots.network_what_if_graph",
    "scdyn_core.methods.regulation.against_reference",
    "leidenalg",
    "scdyn_core.runs.tables",
    "scdyn_core.data.overview",
    "scdyn_core.data.readers.h5ad",
)
#: What is compiled when it is first used, seconds each: modules with a function ``compile_once``.
_COMPILED = ("scdyn_core.plots.cell_raster",)


@st.cache_resource(show_spinner=False)
def warm_up() -> Thread:
    """Import them once for the server, beside the pages, and have the drawing of cells compiled."""
    thread = Thread(target=_import_all, name="warm-up", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for name in _LATER:
        import_module(name)
    for name in _COMPILED:
        import_module(name).compile_once()
