"""Gene clusters: which genes respond alike over time, and whether to believe it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.genes_baselines import show_baselines
from dashboard._ui.genes_choice import choose_clustering, titled_choice
from dashboard._ui.genes_clusters import show_clusters
from dashboard._ui.genes_enrichment import show_over_representation
from dashboard._ui.genes_gene import show_gene
from dashboard._ui.genes_groups import show_groups
from dashboard._ui.genes_heat_map import show_heat_map
from dashboard._ui.genes_map import show_map
from dashboard._ui.genes_number import show_number
from dashboard._ui.genes_prediction import show_prediction
from dashboard._ui.genes_verdict import show_cluster_verdict
from dashboard._ui.genes_views import choose_view
from dashboard._ui.run_stale import show_stale
from dashboard._ui.run_tables import table_of
from dashboard._ui.run_verdict import show_cautions
from dashboard._ui.runs_detail import show_losses, show_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run

#: Views of one clustering, of the algorithm and number of clusters that is chosen.
CLUSTERING_VIEWS: dict[str, Callable[[Run, ClusterChoice], None]] = {
    "Clusters": show_clusters,
    "Gene": show_gene,
    "Map": show_map,
    "Heat map": show_heat_map,
    "Groups": show_groups,
    "Gene sets": show_over_representation,
    "Number of clusters": show_number,
    "Baselines": show_baselines,
}
RUN_VIEWS: dict[str, Callable[[Run], None]] = {
    "Prediction": show_prediction,
    "Scores": show_scores,
    "Training": show_losses,
}

run, room = titled_choice("Gene clusters")
show_stale(run)
show_cluster_verdict(run)
show_cautions(table_of(run, "cautions"))
view = choose_view(run)
if view in CLUSTERING_VIEWS:
    CLUSTERING_VIEWS[view](run, choose_clustering(run, room))
else:
    RUN_VIEWS[view](run)
