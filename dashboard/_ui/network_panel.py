"""Beside the network: its hubs, by how they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.network_data import Part, ranks_of

if TYPE_CHECKING:
    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.view import NetworkView

SHOWN = 18
#: How hubs are counted -> columns that are added up, and the title of the axis.
MEASURES = {
    "PageRank": (["pagerank"], "PageRank"),
    "Edges": (["targets", "sources"], "number of edges"),
    "Weight": (["strength_out", "strength_in"], "weight of all edges"),
}


def show_hubs(shown: Shown, part: Part, view: NetworkView) -> None:
    """Rank the nodes of the whole network, in the colours of the nodes that are drawn."""
    from scdyn_core.networks.edges import node_key
    from scdyn_core.plots.network_ranking import Ranked, ranking_figure

    # A gene on which latents act acts on nothing: PageRank would rank the latents alone.
    mixed = any(kind != "gene" for _, kind in view.graph.nodes(data="kind"))
    measure = st.segmented_control(
        "Hubs by", list(MEASURES), default="Weight" if mixed else "PageRank", required=True,
        key="hubs/mixed" if mixed else "hubs",
        help="Of the whole network, drawn or not. PageRank: against the edges, high for what acts "
        "strongly on nodes that act on others; edges: how many leave and enter; weight: their sum.",
    )  # fmt: skip
    columns, title = MEASURES[measure]
    ranks = ranks_of(shown, part)
    total = ranks[columns].sum(axis=1)
    largest = total.nlargest(SHOWN).index
    table = ranks.loc[largest]
    membership = view.communities.membership
    ranking = [
        Ranked(kind, name, float(total[row]), membership.get(node_key(kind, name)))
        for row, kind, name in zip(table.index, table["kind"], table["name"], strict=True)
    ]
    chart(
        ranking_figure(ranking, title=title, palette=palette()),
        name="network_hubs",
        key="network/hubs",
        data=table,
    )
