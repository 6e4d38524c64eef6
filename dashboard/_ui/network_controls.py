"""What of a network is looked at: evidence, how strong, how many edges, round which gene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.network_data import Part, edges_of, evidence_of, hubs_of, labels_of, network_of
from dashboard._ui.network_words import evidence_help
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator as Place

    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.graph import Direction
    from scdyn_core.networks.indexed import IndexedNetwork
    from scdyn_core.networks.layouts import Layout
    from scdyn_core.networks.look import Look
    from scdyn_core.networks.selection import SignChoice

ALL_CELLS = "All cells"
NODE_KEY, SCOPE_KEY = "node", "steps"
MOST_GENES, FEWEST_GENES = 100, 1
EDGE_NUMBERS = (25, 50, 100, 150, 200, 300, 500, 1000)
SIGNS: dict[SignChoice, str] = {"any": "raises or lowers", "raises": "raises", "lowers": "lowers"}
#: Nodes in the list to search in.
MOST_OFFERED = 600
#: How the surroundings of a node are walked.
DIRECTIONS: dict[str, Direction] = {
    "Both ways": "both",
    "What it acts on": "downstream",
    "What acts on it": "upstream",
}
#: The scope that draws the strongest edges of all.
WHOLE = "Strongest edges"
STEPS = {"1 step": 1, "2 steps": 2, "3 steps": 3, "4 steps": 4}


@dataclass(frozen=True)
class Choice:
    """What the reader chose.

    Attributes
    ----------
    part
        Which edges count.
    look
        What of them is drawn.
    resolution
        Of the communities.
    layout
        Where nodes are placed.
    node
        The node in focus.
    """

    part: Part
    look: Look
    resolution: float
    layout: Layout
    node: str | None


#: Of search, weakest edge, how many, layout, colour and more.
WIDTHS = (6, 5, 5, 5, 5, 4)


@dataclass(frozen=True)
class Room:
    """Where the page has room for controls."""

    evidence: Place
    weakest: Place
    most: Place
    search: Place
    cells: Place
    layout: Place
    colour: Place
    more: Place
    steps: Place


def make_room(shown: Shown) -> Room:
    """Lay out two rows of controls; only networks with latents have a choice of cells.

    Room for the steps is kept before there are any: a picture that moves is drawn from scratch.
    """
    if evidence_of(shown) is None:
        cells, evidence = st.columns([3, 10], vertical_alignment="bottom")
        search, weakest, most, layout, more = st.columns(
            [*WIDTHS[:4], WIDTHS[-1]], vertical_alignment="bottom"
        )
        return Room(
            evidence, weakest, most, search, cells, layout, st.container(), more, st.container()
        )
    evidence = cells = st.container()
    search, weakest, most, layout, colour, more = st.columns(WIDTHS, vertical_alignment="bottom")
    return Room(evidence, weakest, most, search, cells, layout, colour, more, st.container())


def choose_part(shown: Shown, room: Room | None = None) -> Part | None:
    """Draw the choice of evidence and cells; ``None`` while nothing is chosen."""
    offered = evidence_of(shown)
    with room.evidence if room else st.container():
        if offered is not None:
            evidence = _evidence(offered, offered[:1], "genes")
            return Part(None, evidence) if evidence else _nothing_chosen()
        return _part_of_edges(shown, room.cells if room else st.container())


def choose_look(shown: Shown, part: Part, room: Room) -> Choice:
    """Draw the other controls."""
    from scdyn_core.networks.layouts import NAMES
    from scdyn_core.networks.look import Look

    network = network_of(shown, part)
    minimum = room.weakest.slider(
        "Weakest edge", 0.0, 1.0, 0.0, 0.05, key="weakest", bind="query-params",
        help="1 is the strongest edge of the same evidence in any cell type.",
    )  # fmt: skip
    genes, edges = _how_many(room.most, network)
    node = _chosen_node(labels_of(shown, part), hubs_of(shown, part)[:MOST_OFFERED], room.search)
    layout = room.layout.selectbox(
        "Layout", list(NAMES), key="layout", bind="query-params",
        format_func=lambda name: NAMES[name],
    )  # fmt: skip
    with room.more.popover("More", icon=":material/tune:"):
        stability, sign, resolution, direction = _more(network)
    steps = 0 if node is None else _steps(room.steps)
    look = Look(
        genes=genes,
        edges=edges,
        minimum=minimum,
        stability=stability,
        sign=sign,
        around=node if steps else None,
        hops=steps or 1,
        direction=direction if steps else "both",
    )
    return Choice(part, look, resolution, layout, node)


def _how_many(place: Place, network: IndexedNetwork) -> tuple[int, int]:
    """Draw how much is drawn; return genes of each latent and edges of all."""
    from scdyn_core.networks.look import EDGES, GENES, has_other_than_genes

    if has_other_than_genes(network):
        genes = place.slider(
            "Genes per latent", FEWEST_GENES, MOST_GENES, GENES, key="genes", bind="query-params",
            help="The strongest genes of each latent. A gene that one latent brings in keeps its "
            "edges from the others if they are as strong as the weakest shown.",
        )  # fmt: skip
        return genes, EDGES
    edges = place.select_slider(
        "Edges drawn", EDGE_NUMBERS, EDGES, key="edges", bind="query-params",
        help="The strongest edges of all, between at most 300 genes. Everything else stays "
        "in the table of edges and in what is near a gene.",
    )  # fmt: skip
    return GENES, edges


def _part_of_edges(shown: Shown, cells: Place) -> Part | None:
    from scdyn_core.networks.edges import cell_types, of_cell_type
    from scdyn_core.networks.view import default_evidence

    edges = edges_of(shown)
    assert edges is not None
    types = cell_types(edges)
    cell_type = _cell_type(cells, types) if types else None
    own = of_cell_type(edges, cell_type)
    offered = tuple(dict.fromkeys(map(str, own["evidence"])))
    evidence = _evidence(
        offered, tuple(default_evidence(own)), "all" if cell_type is None else "type"
    )
    return Part(cell_type, evidence) if evidence else _nothing_chosen()


def _evidence(offered: tuple[str, ...], default: tuple[str, ...], key: str) -> tuple[str, ...]:
    chosen = st.pills(
        "Evidence",
        offered,
        selection_mode="multi",
        default=list(default),
        key=f"evidence_{key}",
        bind="query-params",
        help=evidence_help(offered),
    )
    return tuple(chosen)


def _nothing_chosen() -> None:
    st.info("Choose at least one kind of evidence.")


def _cell_type(place: Place, names: list[str]) -> str | None:
    choices = ["", *names]
    if st.session_state.get("cells", "") not in choices:
        st.session_state.pop("cells", None)
    chosen = place.selectbox(
        "Measured on",
        choices,
        key="cells",
        bind="query-params",
        format_func=lambda name: name or ALL_CELLS,
        help="Test cells only. The same equations act differently in different cells.",
    )
    return chosen or None


def _more(network: IndexedNetwork) -> tuple[float, SignChoice, float, Direction]:
    import numpy as np

    stability = 0.0
    if np.isfinite(network.stability).any():
        stability = st.slider(
            "Least stable edge", 0.0, 1.0, 0.0, 0.05, key="stability", bind="query-params",
            help="Share of the replicates that have the edge, acting the same way.",
        )  # fmt: skip
    sign = st.selectbox(
        "Edges that", list(SIGNS), key="sign", bind="query-params",
        format_func=lambda name: SIGNS[name],
    )  # fmt: skip
    way = st.selectbox(
        "Steps go", list(DIRECTIONS), key="way", bind="query-params",
        help="How the surroundings of a chosen gene are walked.",
    )  # fmt: skip
    resolution = st.slider(
        "Resolution", 0.2, 3.0, 1.0, 0.1, key="resolution", bind="query-params",
        help="Of the Leiden communities: higher gives more and smaller ones.",
    )  # fmt: skip
    return stability, sign, resolution, DIRECTIONS[way]


def _chosen_node(labels: dict[str, str], offered: list[str], place: Place) -> str | None:
    """Let the reader search any node of the network, also one that is not drawn yet.

    A browser takes seconds to search thousands of names: of many nodes only ``offered`` are in the
    list, and any other can be typed.
    """
    few = len(labels) <= MOST_OFFERED
    if (said := st.session_state.get(NODE_KEY)) is not None:
        st.session_state[NODE_KEY] = _node_called(said, labels)
    chosen = st.session_state.get(NODE_KEY)
    listed = list(labels) if few else list(dict.fromkeys([*filter(None, [chosen]), *offered]))
    said = place.selectbox(
        "Gene or latent",
        listed,
        index=None,
        key=NODE_KEY,
        bind="query-params",
        format_func=lambda node: labels.get(node, node),
        accept_new_options=not few,
        placeholder="Search, or click one" if few else "Type any name, or click one",
    )
    node = None if said is None else _node_called(said, labels)
    if said is not None and node is None:
        st.toast(f"There is no {plain(said, 80)} in this network.", icon=":material/info:")
    return node


def _node_called(said: str, labels: dict[str, str]) -> str | None:
    """Return the node that is meant by its key, or by its label in capital or small letters."""
    if said in labels:
        return said
    small = said.strip().lower()
    return next((node for node, label in labels.items() if label.lower() == small), None)


def _steps(place: Place) -> int:
    """Let the reader choose how far to go round the chosen node; 0 for all of the network."""
    chosen = place.segmented_control(
        "Draw", [WHOLE, *STEPS], default=WHOLE, required=True, key=SCOPE_KEY,
        bind="query-params", label_visibility="collapsed",
        help="Round the chosen one the whole network is searched, and up to 300 nodes are drawn.",
    )  # fmt: skip
    return STEPS.get(chosen, 0)
