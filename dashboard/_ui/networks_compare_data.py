"""Networks as they are compared: made once and shared by all who look at them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.network_choice import Shown
from dashboard._ui.network_data import edges_of
from dashboard._ui.networks_upload import network_store
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    from scdyn_core.methods.regulation.against_reference import AgainstReference
    from scdyn_core.networks.gene_network import GeneNetwork
    from scdyn_core.runs.comparison.networks import ComparedNetworks
    from scdyn_core.runs.run import Run

Origin = tuple[str, ...]

#: Evidence that is the run's own model; all other evidence of a run is there to compare with.
OWN = ("direct effect", "total effect", "alignment")
#: Tables that networks between genes are read from.
_TABLES = ("network", "network_genes", "equations", "reference_network")


def networks_of(run: Run, replicate: int) -> dict[str, GeneNetwork]:
    """Return the networks between genes of a run, by evidence; never change them."""
    return _networks(run.path, _stamps(run), replicate, run)


def truths_of(run: Run) -> list[str]:
    """Return the names of the networks that the data of a run were generated with."""
    from scdyn_core.runs.networks import TRUTH

    truth = table_of(run, "reference_network")
    if truth is None or table_of(run, "network_genes") is None:
        return []
    return [f"{TRUTH}{kind}" for kind in ("direct", "total") if (truth["kind"] == kind).any()]


def reference_of(run: Run, name: str) -> GeneNetwork:
    """Return a truth of a run, or a network that is kept, by its name.

    Raises
    ------
    InputError
        When there is none of this name any more.
    """
    from scdyn_core.runs.networks import reference_by_name

    return reference_by_name(run, network_store(), name)


def scored_against(run: Run, replicate: int, name: str) -> AgainstReference:
    """Return all networks of a run against one reference; never change it.

    Raises
    ------
    ScdynError
        When there is no such reference, or it has no edge between genes of the run.
    """
    written = 0 if name in truths_of(run) else network_store().written(name)
    return _scored(run.path, _stamps(run), replicate, name, written, run)


def pair_of(first: GeneNetwork, second: GeneNetwork, origin: Origin) -> ComparedNetworks:
    """Return what two networks have in common; never change it.

    ``origin`` says where both come from, and changes with their content.
    """
    return _pair(origin, first.name, second.name, first, second)


def origin_of(run: Run, replicate: int) -> Origin:
    """Return what tells the networks of a run, as they are now, from all others."""
    return (str(run.path), str(replicate), *(f"{name} {at}" for name, at in _stamps(run)))


def origin_of_kept(name: str) -> Origin:
    """Return what tells a network that is kept, as it is now, from all others."""
    return (name, str(network_store().written(name)))


def _stamps(run: Run) -> tuple[tuple[str, int], ...]:
    own = [name for name in _TABLES if name in run.tables]
    return tuple((name, run.table_file(name).stat().st_mtime_ns) for name in own)


@st.cache_resource(max_entries=10, show_spinner="Reading the networks…")
def _networks(
    path: Path, stamps: tuple[tuple[str, int], ...], replicate: int, _run: Run
) -> dict[str, GeneNetwork]:
    from scdyn_core.networks.gene_network import gene_networks

    edges = edges_of(Shown(_run, replicate))
    return {} if edges is None else gene_networks(edges, table_of(_run, "network_genes"))


@st.cache_resource(max_entries=10, show_spinner="Comparing…")
def _scored(
    path: Path, stamps: tuple[tuple[str, int], ...], replicate: int, name: str,
    written: int, _run: Run,
) -> AgainstReference:  # fmt: skip
    from scdyn_core.methods.regulation.against_reference import against_reference

    return against_reference(networks_of(_run, replicate), reference_of(_run, name))


@st.cache_resource(max_entries=10, show_spinner="Comparing…")
def _pair(
    origin: Origin, first: str, second: str, _first: GeneNetwork, _second: GeneNetwork
) -> ComparedNetworks:
    from scdyn_core.runs.comparison.networks import compared_networks

    return compared_networks(_first, _second)
