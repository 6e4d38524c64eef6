"""The map of the genes, coloured by cluster or by any statistic; a click opens a gene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.genes_search import choose_marked, open_gene
from dashboard._ui.genes_tables import file_name, needed, of_choice
from dashboard._ui.selection import remember, remembered

if TYPE_CHECKING:
    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run

_CHART = "genes/map"


def show_map(run: Run, choice: ClusterChoice) -> None:
    """Draw the map."""
    from scdyn_core.plots.gene_map import GENE_COLOURS, available_colours, gene_map_figure

    genes, clusters = needed(run, "genes"), of_choice(run, "clusters", choice)
    if "umap_1" not in genes:
        st.info("This run has too few genes for a map.")
        return
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    colours = available_colours(genes, clusters)
    asked = remembered("colour")
    st.session_state["genes/colour"] = asked if asked in colours else colours[0]
    colour = left.selectbox(
        "Colour by",
        colours,
        key="genes/colour",
        format_func=lambda name: GENE_COLOURS[name],
        on_change=lambda: remember("colour", st.session_state["genes/colour"]),
    )
    remember("colour", colour)
    with right:
        marked = choose_marked(run)
    names = genes["gene"].astype(str).tolist()
    chart(
        gene_map_figure(genes, clusters, colour=colour, labelled=marked, palette=palette()),
        name=file_name("gene_map", choice),
        key=_CHART,
        data=genes[["gene", "umap_1", "umap_2"]].merge(clusters, on="gene"),
        on_select=lambda: _open_clicked(names),
        selection_mode="points",
    )
    st.caption(
        "Every point is a gene: genes that respond alike are near each other. Click one to open "
        "it. For orientation only: distances between far points on a UMAP mean little."
    )


def _open_clicked(names: list[str]) -> None:
    points = st.session_state[_CHART]["selection"]["points"]
    rows = [int(point["customdata"][0]) for point in points if point.get("customdata")]
    inside = [row for row in rows if 0 <= row < len(names)]
    if inside:
        open_gene(names[inside[0]])
