"""A network for Cytoscape.js: its elements and their styles, names as inert text.

Ids are the nodes themselves: a browser that still shows an older network names the right node.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import networkx as nx

from scdyn_core.plots.network_look import (
    SIGN_WORDS,
    line_width,
    node_colours,
    node_sizes,
    opacity,
    sign_colours,
)
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import node_name

#: Side of the drawing in pixels for places from -1 to 1, and the opacity of what is not meant.
SIDE, DIMMED = 900.0, 0.12
_LONGEST = 60
_TIPS = {1: "triangle", -1: "tee", 0: "circle"}


def node_id(node: str) -> str:
    """Return the id of a node in the browser, where it is shown as text."""
    return _joined(node)


def network_elements(
    graph: nx.DiGraph,
    membership: Mapping[str, int],
    places: Mapping[str, tuple[float, float]],
    palette: Palette,
    *,
    focus: str | None = None,
    shown: Collection[str] | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """Return nodes and edges with everything their styles read.

    Parameters
    ----------
    graph, membership, places, palette
        As for ``network_figure``.
    focus
        Node that stands out.
    shown
        Nodes that are not dimmed; all where not given.
    """
    colours, sizes, signs = (
        node_colours(membership, palette),
        node_sizes(graph),
        sign_colours(palette),
    )
    lit = set(graph) if shown is None else set(shown)
    nodes = [
        {
            "data": {
                "id": node_id(node),
                "label": "gene" if told["kind"] == "gene" else "other",
                "_name": inert(node_name(told["kind"], told["name"])),
                "_colour": colours[node],
                "_size": sizes[node],
                "_opacity": 1.0 if node in lit else DIMMED,
                "_border": palette.ink if node == focus else palette.background,
                "_rim": 4 if node == focus else 1,
            },
            "position": {"x": SIDE / 2 * places[node][0], "y": -SIDE / 2 * places[node][1]},
            # What a click means is decided by the page, not by the widget's own highlighting.
            "selectable": False,
        }
        for node, told in graph.nodes(data=True)
    ]
    used: set[str] = set()
    edges = [
        {
            "data": {
                "id": _edge_id(source, target, used),
                "label": SIGN_WORDS[told["sign"]],
                "source": node_id(source),
                "target": node_id(target),
                "weight": f"{told['weight']:.3g}",
                "evidence": told["evidence"],
                **_stability(told["stability"]),
                "_colour": signs[told["sign"]],
                "_width": line_width(told["weight"]),
                "_opacity": opacity(told["stability"]) if {source, target} <= lit else DIMMED,
            },
        }
        for source, target, told in graph.edges(data=True)
    ]
    return {"nodes": nodes, "edges": edges}


def _edge_id(source: str, target: str, used: set[str]) -> str:
    name = f"{node_id(source)} → {node_id(target)}"
    # Names may hold arrows too.
    while name in used:
        name += "'"
    used.add(name)
    return name


def _stability(share: float) -> dict[str, str]:
    return {} if math.isnan(share) else {"in replicates": f"{share:.0%}"}


def node_styles(palette: Palette) -> dict[str, dict[str, Any]]:
    """Return the style of genes and of all other nodes, by label."""
    shared = {
        "background-color": "data(_colour)",
        "width": "data(_size)",
        "height": "data(_size)",
        "opacity": "data(_opacity)",
        "border-width": "data(_rim)",
        "border-color": "data(_border)",
        "label": "data(_name)",
        "color": palette.ink,
        "font-family": "Arial, Helvetica, sans-serif",
        "min-zoomed-font-size": 6,
        "text-wrap": "ellipsis",
        "text-max-width": 150,
    }
    gene = {"shape": "ellipse", "font-size": 16, "font-style": "italic"}
    other = {"shape": "diamond", "font-size": 20, "font-weight": "bold"}
    return {"gene": shared | gene, "other": shared | other}


def edge_styles() -> dict[str, dict[str, Any]]:
    """Return the style of the edges of each sign, by label."""
    shared = {
        "line-color": "data(_colour)",
        "target-arrow-color": "data(_colour)",
        "width": "data(_width)",
        "opacity": "data(_opacity)",
        "curve-style": "bezier",
        "arrow-scale": 1.1,
    }
    return {SIGN_WORDS[sign]: shared | {"target-arrow-shape": tip} for sign, tip in _TIPS.items()}


def inert(text: object) -> str:
    """Return a name that no widget takes for markup: an unseen joiner follows every ``<``."""
    words = " ".join(str(text).split())
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    return _joined(words)


def _joined(text: str) -> str:
    return text.replace("<", "<\u2060")
