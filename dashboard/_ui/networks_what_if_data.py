"""What effects a network tells of, and where they settle: computed once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.network_choice import Shown
from dashboard._ui.network_data import edges_of

if TYPE_CHECKING:
    from scdyn_core.networks.effects import Effects
    from scdyn_core.networks.propagation import Propagation
    from scdyn_core.runs.run import Run

_TABLES = ("network", "network_genes", "equations", "programs")


def evidence_of_run(run: Run, replicate: int | None) -> list[tuple[str, ...]]:
    """Return the choices of evidence whose edges can be followed."""
    return _evidence(run.path, _stamps(run), replicate, run)


def effects_of_run(run: Run, replicate: int | None, evidence: tuple[str, ...]) -> Effects:
    """Return the effects to follow; never change them."""
    return _effects(run.path, _stamps(run), replicate, evidence, run)


def settled(effects: Effects, doses: dict[str, float]) -> Propagation:
    """Return where all genes settle when some are held."""
    from scdyn_core.networks.propagation import propagate, propagate_weights

    return (propagate if effects.sized else propagate_weights)(effects.edges, doses)


def _stamps(run: Run) -> tuple[tuple[str, int], ...]:
    own = [name for name in _TABLES if name in run.tables]
    return tuple((name, run.table_file(name).stat().st_mtime_ns) for name in own)


@st.cache_resource(max_entries=20, show_spinner="Reading the network…")
def _evidence(
    path: Path, stamps: tuple[tuple[str, int], ...], replicate: int | None, _run: Run
) -> list[tuple[str, ...]]:
    from scdyn_core.networks.effects import followed_evidence

    edges = edges_of(Shown(_run, replicate))
    return [] if edges is None or edges.empty else followed_evidence(edges)


@st.cache_resource(max_entries=10, show_spinner="Reading the network…")
def _effects(
    path: Path, stamps: tuple[tuple[str, int], ...], replicate: int | None,
    evidence: tuple[str, ...], _run: Run,
) -> Effects:  # fmt: skip
    from scdyn_core.networks.effects import effects_of

    edges = edges_of(Shown(_run, replicate), evidence)
    assert edges is not None
    return effects_of(edges, evidence)
