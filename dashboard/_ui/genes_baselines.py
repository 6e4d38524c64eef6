"""The clusters beside those of simple methods: how alike, how reproducible, what sorted by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.genes_tables import file_name, needed, of_choice
from dashboard._ui.genes_words import baseline_words
from dashboard._ui.run_tables import columns_of, table_of

if TYPE_CHECKING:
    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run


def show_baselines(run: Run, choice: ClusterChoice) -> None:
    """Draw the comparison, what it says, and how the clusters of each overlap with these."""
    from scdyn_core.plots.cluster_agreement import cluster_agreement_figure

    baselines = needed(run, "baselines")
    for sentence in baseline_words(baselines):
        st.markdown(sentence)
    chart(
        cluster_agreement_figure(baselines, palette=palette()),
        name="baselines",
        key="genes/baselines",
        data=baselines,
    )
    st.caption(
        f"All with {int(baselines['k'].iloc[0])} clusters; this run as its own rule divides the "
        "genes, whatever is chosen above. Halves: agreement (adjusted Rand "
        "index) of clusters found in disjoint halves of the cells, each by the same method. "
        "Agreement: with the clusters of this run. Level: share of the differences in mean "
        "expression that the clusters explain."
    )
    table(baselines.round(3), name="baselines", key="genes/baseline_table",
          columns=columns_of(baselines))  # fmt: skip
    _overlap(run, choice)


def _overlap(run: Run, choice: ClusterChoice) -> None:
    others = table_of(run, "baseline_clusters")
    if others is None:
        return
    names = [str(name) for name in others["baseline"].unique()]
    st.markdown("**Which genes go where?**")
    name = st.selectbox("Clusters of", names, key="genes/baseline", width=320)
    own = of_choice(run, "clusters", choice)[["gene", "cluster"]]
    both = own.merge(others[others["baseline"] == name], on="gene", suffixes=("", "_baseline"))
    counted = pd.crosstab(both["cluster"], both["cluster_baseline"])
    counted.columns = [f"baseline {number}" for number in counted.columns]
    table(counted.reset_index(), name=file_name("overlap", choice), key="genes/overlap")
    st.caption("Genes in each cluster of this run (rows) and of the baseline (columns).")
