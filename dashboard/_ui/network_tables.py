"""Under the network: its communities and edges as tables, the figure, and files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, table

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.networks.view import NetworkView
    from scdyn_core.runs.run import Run

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


def show_edges(details: pd.DataFrame, focus: str | None) -> None:
    """Show the edges drawn, those of the chosen node first."""
    from scdyn_core.networks.edges import COLUMNS, node_key

    rows = details.sort_values("weight", ascending=False)
    if focus is not None:
        own = [
            focus in (node_key(kind, name), node_key(target_kind, target))
            for kind, name, target_kind, target in zip(
                rows["source_kind"], rows["source"], rows["target_kind"], rows["target"],
                strict=True,
            )
        ]  # fmt: skip
        rows = rows[own]
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


def show_figure(view: NetworkView) -> None:
    """Draw the figure for a paper."""
    from scdyn_core.plots.network import network_figure

    chart(
        network_figure(view.graph, view.communities.membership, view.places, palette=palette()),
        name="network",
        key="network/figure",
    )
    st.caption(
        "Saved as SVG or PNG from the toolbar of the figure. Colour of a node: community; of an "
        "edge: what it does; width: weight; opacity: share of the replicates that have the edge."
    )


def show_files(run: Run, view: NetworkView, edges: pd.DataFrame) -> None:
    """Offer the network as files for other programs."""

    def graphml() -> str:
        from scdyn_core.networks.graphml import to_graphml

        return to_graphml(view.graph, view.communities.membership)

    def page() -> str:
        from scdyn_core.export.network_page import network_html

        return network_html(view, title=f"Interaction network, {run.spec.dataset.name}")

    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "GraphML", data=graphml, file_name="network.graphml", mime="application/xml",
            key="network/graphml", icon=":material/download:", type="tertiary",
            on_click="ignore", help="This network for Cytoscape, Gephi, igraph or networkx",
        )  # fmt: skip
        st.download_button(
            "Page (HTML)", data=page, file_name="network.html", mime="text/html",
            key="network/html", icon=":material/download:", type="tertiary",
            on_click="ignore", help="This network as one page that needs no internet",
        )  # fmt: skip
        csv_button(
            lambda: edges,
            name="network_all_edges",
            key="network/all_edges_csv",
            label="All edges, all cell types",
        )
