"""The clusters: a panel and a row for each, and every gene with its cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, folded_table, table
from dashboard._ui.genes_choice import time_title
from dashboard._ui.genes_search import choose_marked
from dashboard._ui.genes_tables import file_name, genes_of_choice, meanings, needed, of_choice
from dashboard._ui.text import count

if TYPE_CHECKING:
    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run

PANELS_ACROSS = 3


def show_clusters(run: Run, choice: ClusterChoice) -> None:
    """Draw every cluster, the table of them, and the CSV of all genes."""
    from scdyn_core.plots.cluster_panels import cluster_panels_figure

    curves, summary = (of_choice(run, name, choice) for name in ("cluster_curves",
                                                                 "cluster_summary"))  # fmt: skip
    marked = choose_marked(run)
    chart(
        cluster_panels_figure(
            needed(run, "fitted"),
            of_choice(run, "clusters", choice),
            curves,
            summary,
            genes=marked,
            columns=PANELS_ACROSS,
            time_title=time_title(run),
            palette=palette(),
        ),
        name=file_name("clusters", choice),
        key="genes/panels",
        data=curves,
    )
    st.caption(
        "Change of expression since the first time, log2: mean of the cluster, 5 to 95 % of its "
        "genes, and the curves of its most typical genes. Clusters are numbered by the time of "
        "their largest change."
    )
    shown = summary.dropna(axis="columns", how="all").round(3)
    table(shown, name=file_name("cluster_table", choice), key="genes/summary",
          columns=meanings(run))  # fmt: skip
    if (empty := choice.k - len(summary)) > 0:
        st.caption(
            f"{count(empty, 'class', 'classes')} of the {choice.k} found no gene. The "
            "mixture keeps one class for genes that do not respond, also where all of them do."
        )
    if summary["stability"].isna().all():
        st.caption(
            "This run has one replicate: how stable the clusters are from seed to seed is not "
            "known. Train several to see it."
        )
    _genes(run, choice)


def _genes(run: Run, choice: ClusterChoice) -> None:
    rows = genes_of_choice(run, choice)
    with st.container(horizontal=True):
        csv_button(
            lambda: rows[["gene", "cluster", "membership"]],
            name=file_name("genes_clusters", choice),
            key="genes/cluster_csv",
            label="Genes, clusters, memberships",
        )
        csv_button(
            lambda: of_choice(run, "memberships", choice),
            name=file_name("memberships", choice),
            key="genes/membership_csv",
            label="All memberships from 1 %",
        )
    folded_table(rows.round(3), "All genes as a table", name=file_name("genes", choice),
                 key="genes/all", columns=meanings(run), height=400)  # fmt: skip
