"""The same clusters in several conditions or cell types, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.genes_choice import time_title
from dashboard._ui.genes_search import choose_marked
from dashboard._ui.genes_tables import file_name, needed, of_choice
from dashboard._ui.genes_views import groups_of

if TYPE_CHECKING:
    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run

SHOWN, MOST = 4, 6


def show_groups(run: Run, choice: ClusterChoice) -> None:
    """Draw every cluster in every chosen group, and chosen genes in them."""
    from scdyn_core.plots.cluster_groups import cluster_groups_figure
    from scdyn_core.plots.gene_groups import gene_groups_figure

    levels = groups_of(run)
    left, right = st.columns(2, vertical_alignment="bottom")
    groups = left.multiselect("Groups of cells", levels, default=levels[:SHOWN],
                              max_selections=MOST, key=f"genes/levels/{run.id}")  # fmt: skip
    with right:
        marked = choose_marked(run)
    if not groups:
        st.caption("Choose one group of cells or more.")
        return
    curves, title = needed(run, "curves"), time_title(run)
    chart(
        cluster_groups_figure(curves, of_choice(run, "clusters", choice), groups,
                              time_title=title, palette=palette()),
        name=file_name("clusters_in_groups", choice),
        key="genes/cluster_groups",
        data=curves[curves["group"].isin(groups)],
    )  # fmt: skip
    st.caption(
        "The clusters were found in all cells together; here are the measured means of their "
        "genes in each group. Where a group differs, its genes respond differently there, or it "
        "has too few cells at that time to tell."
    )
    if marked:
        chart(
            gene_groups_figure(curves, marked, groups, time_title=title, palette=palette()),
            name="genes_in_groups",
            key="genes/gene_groups",
            data=curves[curves["gene"].isin(marked) & curves["group"].isin(groups)],
        )
