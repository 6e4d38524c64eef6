"""The network that is looked at: read, indexed, ranked and drawn once, and shared by all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.run_tables import table_of
from dashboard._ui.services import workspace

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.indexed import IndexedNetwork
    from scdyn_core.networks.layout import Places
    from scdyn_core.networks.layouts import Layout
    from scdyn_core.networks.look import Look
    from scdyn_core.networks.view import NetworkView

#: Names of files and when each was written: a network is made anew when one changes.
Stamps = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Part:
    """Which edges of a network count.

    Attributes
    ----------
    cell_type
        Measured on these cells; ``None`` for all cells together.
    evidence
        Kinds of evidence.
    """

    cell_type: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Where a network comes from, as far as what was made of it depends on that."""

    folder: Path | None
    uploaded: str | None
    replicate: int
    stamps: Stamps


def evidence_of(shown: Shown) -> tuple[str, ...] | None:
    """Return the kinds of evidence of a network between genes; ``None`` for other networks."""
    source = source_of(shown)
    file = _network_file(source)
    return None if file is None else _evidence(file, source.stamps)


def edges_of(shown: Shown, evidence: tuple[str, ...] | None = None) -> pd.DataFrame | None:
    """Return the table of edges (never change it); ``None`` without a network.

    ``evidence`` are the kinds that are read, where they can be read alone.
    """
    source = source_of(shown)
    return _edges(source, evidence if _network_file(source) is not None else None)


def network_of(shown: Shown, part: Part) -> IndexedNetwork:
    """Return one edge for each pair of nodes of a network that is there."""
    return _network(source_of(shown), part)


def ranks_of(shown: Shown, part: Part) -> pd.DataFrame:
    """Return one row a node of the whole network (never change it)."""
    return _ranks(source_of(shown), part)


def labels_of(shown: Shown, part: Part) -> dict[str, str]:
    """Return node -> label, latents first; no two are the same."""
    return _labels(source_of(shown), part)


def hubs_of(shown: Shown, part: Part) -> list[str]:
    """Return all nodes, the highest PageRank first (never change it)."""
    return _hubs(source_of(shown), part)


def view_of(shown: Shown, part: Part, look: Look, resolution: float) -> NetworkView:
    """Return one look at a network (never change it)."""
    return _view(source_of(shown), part, look, resolution)


def places_of(
    shown: Shown, part: Part, look: Look, resolution: float, layout: Layout, focus: str | None
) -> Places:
    """Return where the nodes of a look are drawn."""
    centre = focus if layout == "rings" else None
    return _places(source_of(shown), part, look, resolution, layout, centre)


def source_of(shown: Shown) -> Source:
    """Return where a network comes from; equal as long as nothing changed."""
    if shown.run is None:
        assert shown.uploaded is not None
        from scdyn_core.networks.store import NetworkStore

        stamp = NetworkStore(workspace()).written(shown.uploaded)
        return Source(None, shown.uploaded, 0, ((shown.uploaded, stamp),))
    run, tables = shown.run, shown.run.tables
    read = ["network"] if "network" in tables else tables
    stamps = tuple((name, run.table_file(name).stat().st_mtime_ns) for name in read)
    return Source(run.path, None, shown.replicate, stamps)


def _network_file(source: Source) -> Path | None:
    from scdyn_core.runs.run import Run

    if source.folder is None or source.stamps[0][0] != "network" or len(source.stamps) > 1:
        return None
    return Run.open(source.folder).table_file("network")


@st.cache_resource(max_entries=40, show_spinner=False)
def _evidence(file: Path, stamps: Stamps) -> tuple[str, ...]:
    from scdyn_core.networks.stored import stored_evidence

    return tuple(stored_evidence(file))


@st.cache_resource(max_entries=12, show_spinner="Reading the interactions…")
def _edges(source: Source, evidence: tuple[str, ...] | None) -> pd.DataFrame | None:
    from scdyn_core.methods.registry import method_by_key
    from scdyn_core.networks.stored import stored_edges
    from scdyn_core.runs.run import Run

    if source.uploaded is not None:
        from scdyn_core.networks.store import NetworkStore

        return NetworkStore(workspace()).edges(source.uploaded)
    file = _network_file(source)
    if file is not None:
        return stored_edges(file, evidence)
    assert source.folder is not None
    run = Run.open(source.folder)
    if run.spec.method is None:
        return None
    method = method_by_key(run.spec.method)
    return method.edges(lambda name: table_of(run, name), source.replicate)


@st.cache_resource(max_entries=24, show_spinner=False)
def _network(source: Source, part: Part) -> IndexedNetwork:
    from scdyn_core.networks.view import network_of

    edges = _edges(source, part.evidence if _network_file(source) is not None else None)
    assert edges is not None
    return network_of(edges, cell_type=part.cell_type, evidence=part.evidence)


@st.cache_resource(max_entries=24, show_spinner=False)
def _ranks(source: Source, part: Part) -> pd.DataFrame:
    from scdyn_core.networks.ranks import ranked_nodes

    return ranked_nodes(_network(source, part))


@st.cache_resource(max_entries=24, show_spinner=False)
def _hubs(source: Source, part: Part) -> list[str]:
    keys = _network(source, part).keys
    return [keys[row] for row in _ranks(source, part)["rank"].argsort()]


@st.cache_resource(max_entries=24, show_spinner=False)
def _labels(source: Source, part: Part) -> dict[str, str]:
    from scdyn_core.plots.text import node_name

    network = _network(source, part)
    mixed = len(set(network.kinds.tolist())) > 1
    told = sorted(
        zip(network.kinds == "gene", network.names, network.kinds, network.keys, strict=True)
    )
    return {
        key: f"{node_name(kind, name)} · {kind}" if mixed else str(name)
        for _, name, kind, key in told
    }


@st.cache_resource(max_entries=60, show_spinner=False)
def _view(source: Source, part: Part, look: Look, resolution: float) -> NetworkView:
    from dataclasses import replace

    from scdyn_core.networks.view import NetworkView

    return replace(NetworkView.at(_network(source, part), look), resolution=resolution)


@st.cache_resource(max_entries=60, show_spinner=False)
def _places(
    source: Source,
    part: Part,
    look: Look,
    resolution: float,
    layout: Layout,
    focus: str | None,
) -> Places:
    from scdyn_core.networks.layouts import places_of

    view = _view(source, part, look, resolution)
    if layout == "springs":
        return view.places
    return places_of(view.graph, layout, view.communities.membership, focus)
