"""All genes at once, ordered by cluster and by when they begin to respond."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.genes_choice import time_title
from dashboard._ui.genes_search import choose_marked
from dashboard._ui.genes_tables import file_name, genes_of_choice, needed, of_choice

if TYPE_CHECKING:
    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run


def show_heat_map(run: Run, choice: ClusterChoice) -> None:
    """Draw the heat map."""
    from scdyn_core.plots.cluster_heat_map import cluster_heat_map_figure

    marked = choose_marked(run)
    chart(
        cluster_heat_map_figure(
            needed(run, "fitted"),
            of_choice(run, "clusters", choice),
            needed(run, "genes"),
            named=marked or None,
            time_title=time_title(run),
            palette=palette(),
        ),
        name=file_name("heat_map", choice),
        key="genes/heat_map",
        data=genes_of_choice(run, choice),
    )
    st.caption(
        "One line a gene: change of the fitted curve since the first time, log2. Clusters from "
        "top to bottom, inside each the genes in the order of their onset."
    )
