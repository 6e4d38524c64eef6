"""How many clusters: what speaks for each number, and what misleads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table
from dashboard._ui.genes_tables import needed
from dashboard._ui.run_tables import columns_of

if TYPE_CHECKING:
    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run


def show_number(run: Run, choice: ClusterChoice) -> None:
    """Draw the criteria over the number of clusters."""
    from scdyn_core.plots.choice_of_k import choice_of_k_figure

    choices = needed(run, "choice_of_k")
    chart(
        choice_of_k_figure(choices, choice, palette=palette()),
        name="number_of_clusters",
        key="genes/number",
        data=choices,
    )
    bic = "" if choices["bic"].isna().all() else (
        "**BIC** weighs fit against the number of parameters (lower is better). "
    )  # fmt: skip
    st.markdown(
        f"{bic}**Silhouette**: how much nearer genes are to their own cluster than to the next "
        "(higher is better). **Halves**: agreement (adjusted Rand index) of clusters found in two "
        "disjoint halves of the cells. **Replicates**: the same between seeds."
    )
    st.info(
        "Stability alone must not choose. Clusters that sort genes by how much of them there is, "
        "whatever they do over time, are the most stable of all, and wrong. **Level** shows how "
        "much of the differences in mean expression the clusters explain: near 1 they are bands "
        "of expression level.",
        icon=":material/warning:",
    )
    folded_table(choices.round(3), "All numbers as a table", name="number_of_clusters",
                 key="genes/number_table", columns=columns_of(choices))  # fmt: skip
