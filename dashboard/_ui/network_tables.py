"""Under the network: its communities and edges as tables, and the figure for a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from scdyn_core.networks.layout import Places
    from scdyn_core.networks.view import NetworkView

MOST_NAMED = 12
NODE_COLUMNS = {
    "name": "name of the node",
    "kind": "gene or latent",
    "community": "number of its community, 1 is the largest",
    "community_stability": "how often it is with the others of its community under other seeds",
    "targets": "edges that leave it",
    "sources": "edges that enter it",
    "strength_out": "weight of the edges that leave it",
    "strength_in": "weight of the edges that enter it",
}


def show_edges(edges: pd.DataFrame, focus: str | None) -> None:
    """Show the edges drawn, or those of the chosen node."""
    from scdyn_core.networks.edges import COLUMNS, node_key

    rows = edges
    if focus is not None:
        kinds, names = (edges[["source_kind", "target_kind"]], edges[["source", "target"]])
        own = [
            focus in (node_key(*source), node_key(*target))
            for source, target in zip(
                zip(kinds["source_kind"], names["source"], strict=True),
                zip(kinds["target_kind"], names["target"], strict=True),
                strict=True,
            )
        ]
        rows = edges[own]
    table(
        rows.dropna(axis="columns", how="all"),
        name="network_edges",
        key="network/edges",
        columns=COLUMNS,
        height=320,
    )


def show_communities(view: NetworkView) -> None:
    """Show which nodes belong together, and how far to trust it."""
    found = view.communities
    modularity, agreement, number = st.columns(3)
    number.metric("Communities", len(set(found.membership.values())))
    modularity.metric(
        "Modularity",
        f"{found.modularity:.2f}",
        help="Share of the weight inside communities beyond what chance would put there; "
        "below about 0.3 the network has hardly any.",
    )
    agreement.metric(
        "Agreement of seeds",
        f"{found.agreement:.2f}",
        help="Mean adjusted Rand index with the communities of nine other seeds; 1 is always "
        "the same, 0 is chance.",
    )
    nodes = view.nodes().sort_values(["community", "strength_in"], ascending=[True, False])
    table(
        nodes[list(NODE_COLUMNS)],
        name="network_nodes",
        key="network/nodes",
        columns=NODE_COLUMNS,
        height=320,
    )


def show_figure(view: NetworkView, places: Places, painted: Mapping[str, str] | None) -> None:
    """Draw the figure for a paper."""
    from scdyn_core.plots.network import network_figure

    figure = network_figure(
        view.graph, view.communities.membership, places, palette=palette(), painted=painted
    )
    chart(figure, name="network", key="network/figure")
    st.caption(
        "Saved as SVG or PNG from the toolbar of the figure. Colour of a node: community, or what "
        "is painted; of an edge: what it does; width: weight; opacity: share of the replicates "
        "that have the edge."
    )
