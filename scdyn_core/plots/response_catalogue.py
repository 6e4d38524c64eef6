"""Every figure of a run of gene responses, by file name, for the clustering its rule chose."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.choice_of_k import choice_of_k_figure
from scdyn_core.plots.cluster_agreement import cluster_agreement_figure
from scdyn_core.plots.cluster_choice import ClusterChoice
from scdyn_core.plots.cluster_groups import cluster_groups_figure, group_names
from scdyn_core.plots.cluster_heat_map import cluster_heat_map_figure
from scdyn_core.plots.cluster_panels import cluster_panels_figure
from scdyn_core.plots.gene_comparison import gene_comparison_figure
from scdyn_core.plots.gene_curves import gene_curves_figure
from scdyn_core.plots.gene_map import available_colours, gene_map_figure
from scdyn_core.plots.observed_predicted import observed_predicted_figure
from scdyn_core.plots.prediction_errors import prediction_error_figure

#: Statistics that colour a map of their own.
MAPS = ("cluster", "level", "change", "onset_time")
#: Groups side by side; more leave no room for the times.
MOST_GROUPS = 4
#: Clusters whose most typical gene is drawn.
MOST_GENES = 12
_NEEDED = {"genes", "curves", "fitted", "clusters", "cluster_curves", "cluster_summary",
           "choice_of_k"}  # fmt: skip


def response_figures(tables: Mapping[str, pd.DataFrame]) -> dict[str, go.Figure]:
    """Draw what the tables of a run allow; nothing where it is no run of gene responses."""
    if not tables.keys() >= _NEEDED or tables["choice_of_k"].empty:
        return {}
    choice = ClusterChoice.default(tables["choice_of_k"])
    clusters, curves, summary = (
        choice.rows(tables[name]) for name in ("clusters", "cluster_curves", "cluster_summary")
    )
    genes, fitted, observed = tables["genes"], tables["fitted"], tables["curves"]
    typical = clusters.sort_values("membership", ascending=False, kind="stable")
    shown = typical.groupby("cluster")["gene"].first().astype(str).tolist()[:MOST_GENES]
    figures = {
        "cluster_panels": cluster_panels_figure(fitted, clusters, curves, summary),
        "cluster_heat_map": cluster_heat_map_figure(fitted, clusters, genes),
        "choice_of_k": choice_of_k_figure(tables["choice_of_k"], choice),
        "typical_genes": gene_curves_figure(observed, fitted, shown),
        "typical_genes_compared": gene_comparison_figure(observed, fitted, shown),
    }
    known = available_colours(genes, clusters)
    figures |= {
        f"gene_map_{colour}": gene_map_figure(
            genes, clusters, colour=colour, labelled=shown if colour == "cluster" else ()
        )
        for colour in MAPS
        if colour in known
    }
    if groups := group_names(observed):
        figures["cluster_groups"] = cluster_groups_figure(observed, clusters, groups[:MOST_GROUPS])
    if "baselines" in tables:
        figures["cluster_agreement"] = cluster_agreement_figure(tables["baselines"])
    if "predictions" in tables and len(tables["predictions"]):
        predictions = tables["predictions"]
        figures["prediction_errors"] = prediction_error_figure(predictions)
        figures |= {
            f"observed_predicted_{task}": observed_predicted_figure(predictions, str(task))
            for task in predictions["task"].unique()
        }
    return figures
