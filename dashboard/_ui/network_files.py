"""The network that is drawn, as files for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.downloads import csv_button
from dashboard._ui.network_data import edges_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.layout import Places
    from scdyn_core.networks.view import NetworkView


def show_files(
    shown: Shown, view: NetworkView, places: Places, painted: Mapping[str, str] | None
) -> None:
    """Offer what is drawn as files, and all edges as a table."""

    def graphml() -> str:
        from scdyn_core.networks.graphml import to_graphml

        return to_graphml(view.graph, view.communities.membership)

    def sif() -> str:
        from scdyn_core.networks.sif import to_sif

        return to_sif(view.graph)

    def page() -> str:
        from scdyn_core.export.network_page import network_html

        return network_html(view, title=f"Network, {_name(shown)}", places=places, painted=painted)

    def all_edges() -> pd.DataFrame:
        edges = edges_of(shown)
        assert edges is not None
        return edges.dropna(axis="columns", how="all")

    files = {
        "GraphML": (graphml, "graphml", "application/xml",
                    "What is drawn, for Cytoscape, Gephi, igraph or networkx"),
        "SIF": (sif, "sif", "text/plain", "What is drawn as lines of source, relation, target"),
        "Page (HTML)": (page, "html", "text/html",
                        "What is drawn as one page to move, zoom and search; needs no internet"),
    }  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        for label, (content, ending, mime, meaning) in files.items():
            st.download_button(
                label, data=content, file_name=f"network.{ending}", mime=mime,
                key=f"network/{ending}", icon=":material/download:", type="tertiary",
                on_click="ignore", help=meaning,
            )  # fmt: skip
        csv_button(lambda: view.edges, name="network_edges", key="network/edges_drawn", label="CSV")
        csv_button(
            all_edges,
            name="network_all_edges",
            key="network/all_edges_csv",
            label="All edges, all evidence",
        )


def _name(shown: Shown) -> str:
    return shown.run.spec.dataset.name if shown.run is not None else str(shown.uploaded)
