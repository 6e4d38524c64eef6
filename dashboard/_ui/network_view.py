"""The network as a picture: on the page Gene networks and as a view of Dynamics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import palette
from dashboard._ui.errors import errors_shown
from dashboard._ui.network_card import show_card
from dashboard._ui.network_controls import (
    Choice,
    Room,
    choose_look,
    choose_part,
    make_room,
)
from dashboard._ui.network_data import edges_of, evidence_of, network_of, places_of, view_of
from dashboard._ui.network_files import show_files
from dashboard._ui.network_graph import draw_graph
from dashboard._ui.network_paint import choose_paint, show_bar
from dashboard._ui.network_panel import show_hubs
from dashboard._ui.network_tables import show_communities, show_edges, show_figure
from dashboard._ui.network_words import caveat, edge_words
from dashboard._ui.text import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.layout import Places
    from scdyn_core.networks.view import NetworkView
    from scdyn_core.plots.network_paint import Paint

BELOW = ("Communities", "Edges", "Figure")


def show_network(shown: Shown) -> None:
    """Draw the network with everything that can be asked of it."""
    with errors_shown():
        if evidence_of(shown) is None and edges_of(shown) is None:
            st.info("This run has no interaction network.", icon=":material/hub:")
            return
        room = make_room(shown)
        part = choose_part(shown, room)
        if part is None:
            return
        choice = choose_look(shown, part, room)
        view, choice = _view(shown, choice)
        if not len(view.edges):
            _nothing_drawn(choice)
            return
        places = places_of(
            shown, part, choice.look, choice.resolution, choice.layout, choice.node
        )  # fmt: skip
        paint = _picture(shown, choice, view, places, room)
        _below(shown, choice, view, places, paint)


def _view(shown: Shown, choice: Choice) -> tuple[NetworkView, Choice]:
    """Return what is drawn; a chosen node that is not among it comes in with its own edges."""
    view = view_of(shown, choice.part, choice.look, choice.resolution)
    node = choice.node
    if node is not None and node not in view.graph and choice.look.around is None:
        choice = replace(choice, look=replace(choice.look, also=node))
        view = view_of(shown, choice.part, choice.look, choice.resolution)
    return view, choice


def _nothing_drawn(choice: Choice) -> None:
    if choice.look.around is None:
        st.info("No edge is as strong as this. Lower the weakest edge.")
    else:
        st.info("No edge leads on from here. Lower the weakest edge, or let the steps go both "
                "ways (under More).")  # fmt: skip


def _picture(
    shown: Shown, choice: Choice, view: NetworkView, places: Places, room: Room
) -> Paint | None:
    picture, beside = st.columns([5, 2])
    with beside:
        paint = choose_paint(shown, view, choice.node, room.colour)
        if paint is not None:
            show_bar(paint)
        if choice.node is None:
            show_hubs(shown, choice.part, view)
        else:
            show_card(shown, choice, view)
    with picture:
        draw_graph(shown, view, places, choice.node, _colours(paint), lit=_lit(view, choice))
        st.caption(_caption(shown, choice, view))
        st.caption(edge_words(choice.part.evidence))
        if _everything_acts_on_everything(view):
            st.caption(
                "Every latent is in every equation: that an edge between latents is there says "
                "little here; how strong it is and which way it acts says more."
            )
    return paint


def _colours(paint: Paint | None) -> Mapping[str, str] | None:
    if paint is None:
        return None
    from scdyn_core.plots.network_paint import paint_colours

    return paint_colours(paint, palette())


def _lit(view: NetworkView, choice: Choice) -> set[str] | None:
    """Return the nodes that stand out: a chosen one and those at the other ends of its edges."""
    node = choice.node
    if node is None or node not in view.graph or choice.look.around is not None:
        return None
    return {node, *view.graph.predecessors(node), *view.graph.successors(node)}


def _caption(shown: Shown, choice: Choice, view: NetworkView) -> str:
    network = network_of(shown, choice.part)
    whole = f" of {len(network):,}" if len(network) > len(view.edges) else ""
    nodes = f" of {len(network.names):,}" if len(network.names) > len(view.graph) else ""
    words = [
        f"{len(view.graph):,}{nodes} {'node' if len(network.names) == 1 else 'nodes'}, "
        f"{len(view.edges):,}{whole} {'edge' if len(network) == 1 else 'edges'}"
    ]
    look = choice.look
    if look.around is not None and len(view.graph) >= min(look.nodes, look.edges + 1):
        words.append(": the strongest; there are more within so many steps")
    told = dict(view.graph.nodes(data="kind"))
    genes = [name for name, kind in told.items() if kind == "gene"]
    if len(genes) < len(told):
        shared = sum(view.graph.in_degree(name) > 1 for name in genes)
        words.append(f"; {shared:,} of {count(len(genes), 'gene')} have several latents")
    words.append(". :orange[Raises], :blue[lowers]")
    if (network.sign == 0).any():
        unfixed = "unknown" if set(network.kinds) == {"gene"} else "depends on the cell"
        words.append(f", :gray[{unfixed}]")
    if not (network.stability != network.stability).all():
        words.append("; faint edges are in few replicates")
    return "".join(words) + ". " + caveat(choice.part.evidence)


def _everything_acts_on_everything(view: NetworkView) -> bool:
    ends = view.edges[["source_kind", "target_kind"]]
    between = int((ends == "latent").all(axis=1).sum())
    latents = sum(kind == "latent" for _, kind in view.graph.nodes(data="kind"))
    return latents > 1 and between == latents**2


def _below(
    shown: Shown, choice: Choice, view: NetworkView, places: Places, paint: Paint | None
) -> None:
    show_files(shown, view, places, _colours(paint))
    chosen = st.segmented_control(
        "Below",
        BELOW,
        default=BELOW[0],
        required=True,
        key="below",
        bind="query-params",
        label_visibility="collapsed",
    )
    if chosen == "Communities":
        show_communities(view)
    elif chosen == "Edges":
        show_edges(view.edges, choice.node)
    else:
        show_figure(view, places, _colours(paint))
