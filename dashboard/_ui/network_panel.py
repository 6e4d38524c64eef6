"""Beside the network: its hubs, or what is near a chosen node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.networks.graph import Direction
    from scdyn_core.networks.view import NetworkView

SHOWN = 20
DIRECTIONS: dict[str, Direction] = {
    "Both ways": "both",
    "What it acts on": "downstream",
    "What acts on it": "upstream",
}


def choose_walk() -> tuple[Direction, int]:
    """Draw how the surroundings of a node are walked; return direction and steps."""
    ways, steps = st.columns([3, 2], vertical_alignment="bottom")
    way = ways.selectbox("Direction", list(DIRECTIONS), key="way", bind="query-params")
    hops = steps.slider("Steps", 1, 4, 1, key="steps", bind="query-params",
                        help="Nodes within so many edges stand out in the network.")  # fmt: skip
    return DIRECTIONS[way], hops


def show_near(view: NetworkView, node: str, direction: Direction) -> None:
    """Rank all nodes by personalised PageRank from one, and list its own edges."""
    from scdyn_core.networks.pagerank import personalised_pagerank
    from scdyn_core.plots.network_ranking import ranking_figure
    from scdyn_core.plots.text import node_name

    told = view.graph.nodes[node]
    ranking = personalised_pagerank(view.graph, [node], direction=direction).drop(node)
    ranking = ranking[ranking > 0]
    st.markdown(f"**Near {plain(node_name(told['kind'], told['name']))}**")
    chart(
        ranking_figure(
            view.graph,
            list(ranking.head(SHOWN).items()),
            view.communities.membership,
            title="PageRank (share of a walk)",
            palette=palette(),
        ),
        name="network_near",
        key="network/near",
    )
    csv_button(
        lambda: _ranking_table(view, ranking),
        name="network_near",
        key="network/near_csv",
        label="All ranked nodes",
    )
    st.caption(
        f"{count(len(ranking), 'node')} reached. The share of time that a random walk which keeps "
        "coming back here spends on each node; all paths count, strong edges more."
    )


def show_hubs(view: NetworkView) -> None:
    """Rank the nodes by the weight of all their edges."""
    from scdyn_core.networks.graph import hubs
    from scdyn_core.plots.network_ranking import ranking_figure

    table = hubs(view.graph).head(SHOWN)
    total = table["strength_out"] + table["strength_in"]
    st.markdown("**Hubs**")
    chart(
        ranking_figure(
            view.graph,
            list(zip(table["node"], total, strict=True)),
            view.communities.membership,
            title="weight of all edges",
            palette=palette(),
        ),
        name="network_hubs",
        key="network/hubs",
        data=table,
    )


def _ranking_table(view: NetworkView, ranking: pd.Series) -> pd.DataFrame:
    import pandas as pd

    nodes, community = view.graph.nodes, view.communities.membership
    return pd.DataFrame(
        {
            "name": [nodes[node]["name"] for node in ranking.index],
            "kind": [nodes[node]["kind"] for node in ranking.index],
            "community": [community[node] for node in ranking.index],
            "pagerank": ranking.to_numpy(),
        }
    )
