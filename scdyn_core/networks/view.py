"""One look at a network: the edges chosen, their graph, communities and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import pandas as pd

from scdyn_core.networks.communities import Communities, leiden
from scdyn_core.networks.edges import ENDS, merged, node_key, of_cell_type
from scdyn_core.networks.graph import graph_of, hubs
from scdyn_core.networks.layout import positions
from scdyn_core.networks.selection import strongest

#: Genes that each source brings in, unless asked otherwise.
GENES = 30


@dataclass(frozen=True)
class NetworkView:
    """What is drawn, ranked and exported.

    Attributes
    ----------
    edges
        One row a pair of nodes (``merged``).
    details
        The rows of the table of edges behind them, one for each evidence.
    graph, communities, places
        Of these edges.
    """

    edges: pd.DataFrame
    details: pd.DataFrame
    graph: nx.DiGraph
    communities: Communities
    places: Mapping[str, tuple[float, float]]

    @classmethod
    def of(
        cls,
        edges: pd.DataFrame,
        *,
        cell_type: str | None = None,
        evidence: Sequence[str] | None = None,
        most: int = GENES,
        minimum: float = 0.0,
        also: str | None = None,
        resolution: float = 1.0,
        seed: int = 0,
    ) -> NetworkView:
        """Choose edges and analyse them.

        Parameters
        ----------
        edges
            A checked table of edges.
        cell_type
            Measured on these cells; ``None`` for all cells together.
        evidence
            Kinds of evidence that count; ``None`` for ``default_evidence``.
        most, minimum
            As in ``strongest``.
        also
            A node whose edges are kept however weak they are.
        resolution, seed
            Of the communities.
        """
        own = of_cell_type(edges, cell_type)
        counted = default_evidence(own) if evidence is None else evidence
        own = own[own["evidence"].isin(counted)]
        pairs = merged(own)
        kept = strongest(pairs, most, minimum=minimum).index
        if also is not None:
            kept = kept.union(pairs.index[_touches(pairs, also)])
        pairs = pairs.loc[kept].sort_values("weight", ascending=False, kind="stable")
        graph = graph_of(pairs)
        return cls(
            edges=pairs.reset_index(drop=True),
            details=own.merge(pairs[ENDS], on=ENDS),
            graph=graph,
            communities=leiden(graph, resolution=resolution, seed=seed),
            places=positions(graph),
        )

    def nodes(self) -> pd.DataFrame:
        """Return one row a node: its community and how strongly it is connected."""
        table = hubs(self.graph)
        table.insert(3, "community", table["node"].map(self.communities.membership))
        table["community_stability"] = table["node"].map(self.communities.stability)
        return table.drop(columns="node")


def default_evidence(edges: pd.DataFrame) -> list[str]:
    """Return, for each pair of kinds of nodes, the evidence the method names first."""
    first = edges.groupby(["source_kind", "target_kind"], sort=False)["evidence"].first()
    return list(dict.fromkeys(map(str, first)))


def _touches(pairs: pd.DataFrame, node: str) -> pd.Series:
    ends = [
        pd.Series(
            [
                node_key(kind, name)
                for kind, name in zip(pairs[f"{end}_kind"], pairs[end], strict=True)
            ],
            index=pairs.index,
            dtype=object,
        )
        for end in ("source", "target")
    ]
    return (ends[0] == node) | (ends[1] == node)
