"""The network of a run as the table of edges that pages and exports read."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.stored import edges_between_genes

TableReader = Callable[[str], pd.DataFrame | None]


def network_edges(table: TableReader) -> pd.DataFrame | None:
    """Return the edges of a run, whatever the evidence.

    Parameters
    ----------
    table
        Gives a table of the run by name.

    Returns
    -------
    Edges as in ``networks.edges.COLUMNS``; ``None`` when the run has no network.
    """
    network = table("network")
    if network is None or network.empty:
        return None
    return checked_edges(edges_between_genes(network))
