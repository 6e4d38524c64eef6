"""The interaction network of a run: on the page Gene networks and as a view of Dynamics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.errors import errors_shown
from dashboard._ui.network_controls import choose_look
from dashboard._ui.network_data import edges_of, view_of
from dashboard._ui.network_panel import choose_walk, show_hubs, show_near
from dashboard._ui.network_tables import show_communities, show_edges, show_figure, show_files
from dashboard._ui.text import count

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.networks.view import NetworkView
    from scdyn_core.runs.run import Run

BELOW = ("Communities", "Edges", "Figure")


def show_network(run: Run, replicate: int) -> None:
    """Draw the network with everything that can be asked of it."""
    with errors_shown():
        edges = edges_of(run, replicate)
        if edges is None:
            st.info("This run has no interaction network.", icon=":material/hub:")
            return
        look = choose_look(edges)
        if look is None:
            return
        view = view_of(run, replicate, replace(look, also=None))
        if look.also is not None and look.also not in view.graph:
            view = view_of(run, replicate, look)
        if not len(view.edges):
            st.info("No edge is as strong as this. Lower the weakest edge.")
            return
        node = look.also if look.also in view.graph else None
        _picture(view, node)
        _below(run, view, edges, node)


def _picture(view: NetworkView, node: str | None) -> None:
    from dashboard._ui.network_graph import draw_graph
    from scdyn_core.networks.graph import neighbourhood

    picture, beside = st.columns([5, 2])
    shown = None
    with beside:
        if node is None:
            show_hubs(view)
        else:
            direction, hops = choose_walk()
            shown = neighbourhood(view.graph, node, hops, direction)
            show_near(view, node, direction)
    with picture:
        draw_graph(view, node, shown)
        genes = sum(told["kind"] == "gene" for _, told in view.graph.nodes(data=True))
        shared = sum(
            view.graph.in_degree(name) > 1
            for name, told in view.graph.nodes(data=True)
            if told["kind"] == "gene"
        )
        st.caption(
            f"{count(len(view.graph), 'node')}, {count(len(view.edges), 'edge')}; {shared:,} of "
            f"{count(genes, 'gene')} have several latents. :orange[Raises], :blue[lowers], "
            ":gray[depends on the cell]; faint edges are in few replicates. An association within "
            "this model, not proof of regulation."
        )
        if _everything_acts_on_everything(view):
            st.caption(
                "Every latent is in every equation: that an edge between latents is there says "
                "little here; how strong it is and which way it acts says more."
            )


def _everything_acts_on_everything(view: NetworkView) -> bool:
    ends = view.edges[["source_kind", "target_kind"]]
    between = int((ends == "latent").all(axis=1).sum())
    latents = sum(told["kind"] == "latent" for _, told in view.graph.nodes(data=True))
    return latents > 1 and between == latents**2


def _below(run: Run, view: NetworkView, edges: pd.DataFrame, node: str | None) -> None:
    show_files(run, view, edges)
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
        show_edges(view.details, node)
    else:
        show_figure(view)
