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
    drawn_colours,
    line_width,
    node_sizes,
    opacity,
    sign_colours,
)
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import node_name

#: Side of the drawing in pixels for places from -1 to 1 and so many nodes; more get more room.
SIDE, ROOMY = 900.0, 100
#: Opacity of what is not meant; sizes of names, the larger the stronger a node is connected.
DIMMED, SMALLEST, LARGEST = 0.12, 13.0, 20.0
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
    painted: Mapping[str, str] | None = None,
    perturbed: Collection[str] = (),
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
    painted
        Node -> colour; grey where there is none. By community where not given.
    perturbed
        Genes that were perturbed.
    """
    colours = drawn_colours(graph, membership, palette, painted)
    sizes, signs = node_sizes(graph), sign_colours(palette)
    lit = set(graph) if shown is None else set(shown)
    side = SIDE * max(1.0, math.sqrt(len(graph) / ROOMY))
    fonts = _fonts(sizes)
    nodes = [
        {
            "data": {
                "id": node_id(node),
                "label": _look_of(node, told["kind"], perturbed),
                "_name": inert(node_name(told["kind"], told["name"])),
                "_colour": colours[node],
                "_size": sizes[node],
                "_font": fonts[node],
                "_opacity": 1.0 if node in lit else DIMMED,
                "_border": palette.ink if node == focus else palette.background,
                "_rim": 4 if node == focus else 1,
            },
            "position": {"x": side / 2 * places[node][0], "y": -side / 2 * places[node][1]},
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


def _fonts(sizes: Mapping[str, float]) -> dict[str, float]:
    low, high = min(sizes.values()), max(sizes.values())
    span = (high - low) or 1.0
    return {
        node: round(SMALLEST + (LARGEST - SMALLEST) * (size - low) / span, 1)
        for node, size in sizes.items()
    }


def _look_of(node: str, kind: str, perturbed: Collection[str]) -> str:
    if kind != "gene":
        return "other"
    return "perturbed gene" if node in perturbed else "gene"


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
    """Return the style of genes, of perturbed ones and of all other nodes, by label."""
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
        "min-zoomed-font-size": 7,
        "font-size": "data(_font)",
        "text-wrap": "ellipsis",
        "text-max-width": 150,
    }
    gene = {"shape": "ellipse", "font-style": "italic"}
    other = {"shape": "diamond", "font-size": 20, "font-weight": "bold", "min-zoomed-font-size": 4}
    perturbed = gene | {"shape": "round-rectangle"}
    return {
        "gene": shared | gene,
        "perturbed gene": shared | perturbed,
        "other": shared | other,
    }


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
