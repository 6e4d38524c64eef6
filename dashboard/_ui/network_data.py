"""The network of a run: its edges, and looks at them, made once and shared by all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.networks.view import NetworkView
    from scdyn_core.runs.run import Run

#: Names of tables and when each was written: a network is made anew when one changes.
Stamps = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Look:
    """What of a network is looked at; as ``NetworkView.of``."""

    cell_type: str | None
    evidence: tuple[str, ...]
    most: int
    minimum: float
    resolution: float
    also: str | None


def edges_of(run: Run, replicate: int) -> pd.DataFrame | None:
    """Return a replicate's table of edges (never change it); ``None`` without a network."""
    return _edges(run.path, _stamps(run), replicate)


def view_of(run: Run, replicate: int, look: Look) -> NetworkView:
    """Return one look at the network of a run that has one; never change it."""
    return _view(run.path, _stamps(run), replicate, look)


def _stamps(run: Run) -> Stamps:
    return tuple((name, run.table_file(name).stat().st_mtime_ns) for name in run.tables)


@st.cache_resource(max_entries=20, show_spinner="Reading the interactions…")
def _edges(path: Path, stamps: Stamps, replicate: int) -> pd.DataFrame | None:
    from scdyn_core.methods.registry import method_by_key
    from scdyn_core.runs.run import Run

    run = Run.open(path)
    if run.spec.method is None:
        return None
    return method_by_key(run.spec.method).edges(lambda name: table_of(run, name), replicate)


@st.cache_resource(max_entries=40, show_spinner="Finding the communities…")
def _view(path: Path, stamps: Stamps, replicate: int, look: Look) -> NetworkView:
    from scdyn_core.networks.view import NetworkView

    edges = _edges(path, stamps, replicate)
    assert edges is not None
    return NetworkView.of(
        edges,
        cell_type=look.cell_type,
        evidence=look.evidence,
        most=look.most,
        minimum=look.minimum,
        resolution=look.resolution,
        also=look.also,
    )
