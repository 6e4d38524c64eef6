"""Gene networks: what acts on what, by a trained run, a baseline or an uploaded network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.network_choice import titled_choice
from dashboard._ui.network_edges import show_edge_table
from dashboard._ui.network_genes import show_gene_table
from dashboard._ui.network_verdict import show_network_verdict
from dashboard._ui.network_view import show_network
from dashboard._ui.network_views import choose_view
from dashboard._ui.networks_compare import show_compare
from dashboard._ui.networks_what_if import show_what_if
from dashboard._ui.run_stale import show_stale
from dashboard._ui.runs_detail import show_losses, show_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard._ui.network_choice import Shown
    from scdyn_core.runs.run import Run


#: Views of any network.
NETWORK_VIEWS: dict[str, Callable[[Shown], None]] = {
    "Network": show_network,
    "What if": show_what_if,
    "Edges": show_edge_table,
    "Genes": show_gene_table,
}
#: Views of the network of a run, and of its replicate that is chosen.
RUN_VIEWS: dict[str, Callable[[Run, int], None]] = {
    "Compare": show_compare,
    "Scores": lambda run, _: show_scores(run),
    "Training": lambda run, _: show_losses(run),
}

shown = titled_choice("Gene networks")
if shown.run is not None:
    show_stale(shown.run)
show_network_verdict(shown)
view = choose_view(shown)
if shown.run is not None and view in RUN_VIEWS:
    RUN_VIEWS[view](shown.run, shown.replicate)
else:
    NETWORK_VIEWS[view](shown)
