"""The interactive network; a click chooses a node."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit_cytoscape import EdgeStyle, Event, NodeStyle, streamlit_cytoscape

from dashboard._ui.charts import palette
from dashboard._ui.network_controls import NODE_KEY

if TYPE_CHECKING:
    from scdyn_core.networks.view import NetworkView

HEIGHT = 560
GRAPH_KEY = "network/graph"
#: The widget lays its own panels over the left and right edge: unseen nodes keep names off them.
MARGIN, MARGIN_STYLE = 60.0, {"opacity": 0, "width": 1, "height": 1, "label": "", "events": "no"}


def draw_graph(view: NetworkView, focus: str | None, shown: Collection[str] | None) -> None:
    """Draw the network around ``focus``; nodes that are not ``shown`` are faint."""
    from scdyn_core.plots.network_elements import (
        edge_styles,
        network_elements,
        node_id,
        node_styles,
    )

    colours = palette()
    elements = network_elements(
        view.graph, view.communities.membership, view.places, colours, focus=focus, shown=shown
    )
    across = [node["position"]["x"] for node in elements["nodes"]]
    elements["nodes"] += [_unseen(min(across) - MARGIN), _unseen(max(across) + MARGIN)]
    by_id = {node_id(node): node for node in view.graph}
    # The layout runs again only when it changes: a new network is fitted into the frame.
    layout = {"name": "preset", "fit": True, "padding": 56, "of": hash(frozenset(by_id))}
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
