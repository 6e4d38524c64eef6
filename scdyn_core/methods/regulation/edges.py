"""The network of a run as the table of edges that pages and exports read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from scdyn_core.networks.edges import checked_edges, comparable

TableReader = Callable[[str], pd.DataFrame | None]


def network_edges(table: TableReader, replicate: int) -> pd.DataFrame | None:
    """Return the edges of one replicate, whatever the evidence.

    Parameters
    ----------
    table
        Gives a table of the run by name.
    replicate
        Which replicate.

    Returns
    -------
    Edges as in ``networks.edges.COLUMNS``; ``None`` when the run has no network.
    """
    network = table("network")
    if network is None:
        return None
    own = network[network["replicate"] == replicate]
    if own.empty:
        return None
    value = own["value"].to_numpy(dtype=np.float64)
    # A table without the column holds signed values, as most evidence is.
    signed = own["signed"].to_numpy(dtype=bool) if "signed" in own else True
    edges = pd.DataFrame(
        {
            "source": own["source"],
            "target": own["target"],
            "source_kind": "gene",
            "target_kind": "gene",
            "weight": 0.0,
            "sign": np.where(signed, np.sign(value), 0.0),
            "stability": own["stability"],
            "evidence": own["evidence"],
            "value": np.abs(value),
            "unit": own["unit"],
        }
    )
    return comparable(checked_edges(edges))
