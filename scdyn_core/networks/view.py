"""One look at a network: the edges chosen, their graph, communities and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import networkx as nx
import pandas as pd

from scdyn_core.networks.communities import Communities, leiden
from scdyn_core.networks.edges import of_cell_type
from scdyn_core.networks.graph import graph_of, hubs
from scdyn_core.networks.indexed import IndexedNetwork
from scdyn_core.networks.layout import Places, positions
from scdyn_core.networks.look import Look, chosen_edges


@dataclass(frozen=True, eq=False)
class NetworkView:
    """What is drawn, ranked and exported.

    Attributes
    ----------
    edges
        One row a pair of nodes, the strongest first.
    graph
        Of these edges.
    resolution, seed
        Of the communities.
    """

    edges: pd.DataFrame
    graph: nx.DiGraph
    resolution: float = 1.0
    seed: int = 0

    @classmethod
    def of(
        cls,
        edges: pd.DataFrame,
        *,
        cell_type: str | None = None,
        evidence: Sequence[str] | None = None,
        resolution: float = 1.0,
        seed: int = 0,
        **look: Any,
    ) -> NetworkView:
        """Choose edges and make their graph.

        Parameters
        ----------
        edges
            A checked table of edges.
        cell_type
            Measured on these cells; ``None`` for all cells together.
        evidence
            Kinds of evidence that count; ``None`` for ``default_evidence``.
        resolution, seed
            Of the communities.
        **look
            What is drawn, as in ``Look``.
        """
        network = network_of(edges, cell_type=cell_type, evidence=evidence)
        return replace(cls.at(network, Look(**look)), resolution=resolution, seed=seed)

    @classmethod
    def at(cls, network: IndexedNetwork, look: Look) -> NetworkView:
        """Draw a network that is indexed already."""
        pairs = network.frame(chosen_edges(network, look))
        return cls(pairs, graph_of(pairs))

    @cached_property
    def communities(self) -> Communities:
        """Which of the nodes drawn belong together."""
        return leiden(self.graph, resolution=self.resolution, seed=self.seed)

    @cached_property
    def places(self) -> Places:
        """Where the nodes are, by springs."""
        return positions(self.graph)

    def nodes(self) -> pd.DataFrame:
        """Return one row a node: its community and how strongly it is connected."""
        table = hubs(self.graph)
        table.insert(3, "community", table["node"].map(self.communities.membership))
        table["community_stability"] = table["node"].map(self.communities.stability)
        return table.drop(columns="node")


def network_of(
    edges: pd.DataFrame, *, cell_type: str | None = None, evidence: Sequence[str] | None = None
) -> IndexedNetwork:
    """Return one edge for each pair of nodes; parameters as for ``NetworkView.of``."""
    own = of_cell_type(edges, cell_type)
    counted = default_evidence(own) if evidence is None else evidence
    return IndexedNetwork.of(own[own["evidence"].isin(counted)])


def default_evidence(edges: pd.DataFrame) -> list[str]:
    """Return, for each pair of kinds of nodes, the evidence the method names first."""
    kinds = ["source_kind", "target_kind"]
    first = edges.groupby(kinds, sort=False, observed=True)["evidence"].first()
    return list(dict.fromkeys(map(str, first)))
