"""The genes that behave most like one gene, each a click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.downloads import csv_button
from dashboard._ui.genes_search import compare_with, open_gene
from dashboard._ui.genes_tables import needed, of_choice
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run

SHOWN, COMPARED = 12, 4
#: In a download.
MOST = 200


def show_nearest(run: Run, choice: ClusterChoice, gene: str) -> None:
    """Draw the nearest genes as buttons that open them."""
    from scdyn_core.evaluation.nearest import nearest

    latent = needed(run, "latent")
    found = nearest(latent[latent["replicate"] == latent["replicate"].min()], gene, MOST)
    clusters = of_choice(run, "clusters", choice)[["gene", "cluster"]]
    found = found.merge(clusters, on="gene", how="left")
    st.markdown(f"**Behave like {plain(gene)}**")
    with st.container(horizontal=True, gap="small"):
        for name, distance, cluster in zip(
            found["gene"][:SHOWN], found["distance"], found["cluster"], strict=False
        ):
            st.button(
                f"{plain(name)} · {int(cluster)}",
                key=f"genes/near/{name}",
                help=f"Distance {distance:.3g}; in cluster {int(cluster)}. Opens this gene",
                on_click=open_gene,
                args=(str(name),),
            )
    own = int(clusters.loc[clusters["gene"] == gene, "cluster"].iloc[0])
    same = int((found["cluster"][:SHOWN] == own).sum())
    st.caption(
        "Nearest first, with the number of their cluster: Euclidean distance in the latent space "
        f"of the first replicate. {same} of these {len(found[:SHOWN])} are in its own cluster."
    )
    with st.container(horizontal=True):
        st.button(
            f"Compare with the first {COMPARED}",
            key="genes/compare_near",
            icon=":material/stacked_line_chart:",
            type="tertiary",
            on_click=compare_with,
            args=(tuple(found["gene"][:COMPARED]),),
        )
        csv_button(lambda: found, name="nearest_genes", key="genes/nearest_csv",
                   label=f"Nearest {len(found)}")  # fmt: skip
