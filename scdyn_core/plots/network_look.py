"""What an interaction network looks like, in the figure and on the page alike."""

from __future__ import annotations

import math
from collections.abc import Mapping

import networkx as nx

from scdyn_core.plots.palette import Palette

#: Sign of an edge -> what it does, in a word.
SIGN_WORDS = {1: "raises", -1: "lowers", 0: "either way or unknown"}
#: Edges that few replicates have stay visible; without replicates all look alike.
FAINTEST, UNKNOWN = 0.25, 0.8


def sign_colours(palette: Palette) -> dict[int, str]:
    """Return vermilion for raising, blue for lowering, grey for both; safe for the colour-blind."""
    return {1: palette.diverging[-3], -1: palette.diverging[1], 0: palette.baseline}


def opacity(stability: float) -> float:
    """Return the opacity of an edge: the share of the replicates that have it."""
    return UNKNOWN if math.isnan(stability) else FAINTEST + (1 - FAINTEST) * stability


def line_width(weight: float) -> float:
    """Return the width of an edge in pixels."""
    return 0.8 + 4.2 * weight


def node_colours(membership: Mapping[str, int], palette: Palette) -> dict[str, str]:
    """Return the colour of each node's community."""
    colours = palette.categorical
    return {node: colours[(number - 1) % len(colours)] for node, number in membership.items()}


def drawn_colours(
    graph: nx.DiGraph,
    membership: Mapping[str, int],
    palette: Palette,
    painted: Mapping[str, str] | None,
) -> dict[str, str]:
    """Return the colour of each node: as painted, else that of its community."""
    if painted is None:
        return node_colours(membership, palette)
    return {node: painted.get(node, palette.faint) for node in graph}


def node_sizes(graph: nx.DiGraph) -> dict[str, float]:
    """Return diameters in pixels: area grows with the weight of all edges of a node."""
    strength = dict(graph.degree(weight="weight"))
    largest = max(strength.values(), default=0.0) or 1.0
    return {
        node: (20.0 if graph.nodes[node]["kind"] == "gene" else 26.0)
        * (0.65 + 0.6 * math.sqrt(value / largest))
        for node, value in strength.items()
    }
