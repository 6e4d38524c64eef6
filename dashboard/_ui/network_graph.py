"""The interactive network; a click chooses a node."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit_cytoscape import EdgeStyle, Event, NodeStyle, streamlit_cytoscape

from dashboard._ui.charts import palette
from dashboard._ui.network_controls import NODE_KEY
from dashboard._ui.network_facts import facts_of

if TYPE_CHECKING:
    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.layout import Places
    from scdyn_core.networks.view import NetworkView

HEIGHT = 560
GRAPH_KEY = "network/graph"
#: The widget lays its own panels over the left and right edge: unseen nodes keep names off them.
MARGIN, WIDE_MARGIN = 60.0, 0.06
MARGIN_STYLE = {"opacity": 0, "width": 1, "height": 1, "label": "", "events": "no"}


def draw_graph(
    shown: Shown,
    view: NetworkView,
    places: Places,
    focus: str | None,
    painted: Mapping[str, str] | None,
    *,
    lit: Collection[str] | None,
) -> None:
    """Draw the network; nodes that are not ``lit`` are faint."""
    from scdyn_core.plots.network_elements import (
        edge_styles,
        network_elements,
        node_id,
        node_styles,
    )

    colours = palette()
    elements = network_elements(
        view.graph, view.communities.membership, places, colours,
        focus=focus, shown=lit, painted=painted, perturbed=_perturbed(shown, view),
    )  # fmt: skip
    across = [node["position"]["x"] for node in elements["nodes"]]
    margin = max(MARGIN, WIDE_MARGIN * (max(across) - min(across)))
    elements["nodes"] += [_unseen(min(across) - margin), _unseen(max(across) + margin)]
    by_id = {node_id(node): node for node in view.graph}
    # The layout runs again only when it changes: a new network is fitted into the frame.
    drawn = hash(tuple(sorted(places.items())))
    layout = {"name": "preset", "fit": True, "padding": 40, "of": drawn}
    streamlit_cytoscape(
        elements,
        layout,
        [
            NodeStyle(label, custom_styles=style)
            for label, style in {**node_styles(colours), "margin": MARGIN_STYLE}.items()
        ],
        [EdgeStyle(label, custom_styles=style) for label, style in edge_styles().items()],
        height=HEIGHT,
        key=GRAPH_KEY,
        on_change=_clicked,
        events=[Event("choose", "tap", "node")],
    )
    st.session_state[f"{GRAPH_KEY}/ids"] = by_id


def _perturbed(shown: Shown, view: NetworkView) -> set[str]:
    facts = facts_of(shown)
    if facts is None:
        return set()
    names = set(facts.index[facts["node"].astype(bool)])
    return {
        node
        for node, told in view.graph.nodes(data=True)
        if told["kind"] == "gene" and told["name"] in names
    }


def _unseen(x: float) -> dict[str, Any]:
    return {
        "data": {"id": f"margin {x}", "label": "margin"},
        "position": {"x": x, "y": 0.0},
        "selectable": False,
    }


def _clicked() -> None:
    """Choose the clicked node, or none when it was chosen already."""
    told = st.session_state.get(GRAPH_KEY)
    if not isinstance(told, dict) or told.get("action") != "choose":
        return
    node = st.session_state[f"{GRAPH_KEY}/ids"].get(told.get("data", {}).get("target_id"))
    if node is not None:
        st.session_state[NODE_KEY] = None if st.session_state.get(NODE_KEY) == node else node
