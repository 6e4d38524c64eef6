"""Every node of a large network in order: how many edges, how strong, and PageRank."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from scdyn_core.networks.indexed import IndexedNetwork

DAMPING, TOLERANCE, MOST_STEPS = 0.85, 1e-10, 1000
#: Column of the table of ranks -> what it means.
COLUMNS = {
    "name": "name of the node",
    "kind": "gene or latent",
    "rank": "place by PageRank",
    "pagerank": "share of a walk against the edges: high for a node that acts strongly on nodes "
    "which act on others; all add up to 1",
    "targets": "edges that leave it",
    "sources": "edges that enter it",
    "strength_out": "weight of the edges that leave it",
    "strength_in": "weight of the edges that enter it",
}


def ranked_nodes(network: IndexedNetwork) -> pd.DataFrame:
    """Return one row a node, in the order of ``network.names``: columns as in ``COLUMNS``."""
    size = len(network.names)
    out, into = network.source, network.target
    share = regulator_pagerank(network)
    rank = np.empty(size, dtype=np.int64)
    rank[np.argsort(-share, kind="stable")] = np.arange(1, size + 1)
    return pd.DataFrame(
        {
            "name": network.names,
            "kind": network.kinds,
            "rank": rank,
            "pagerank": share,
            "targets": np.bincount(out, minlength=size),
            "sources": np.bincount(into, minlength=size),
            "strength_out": np.bincount(out, weights=network.weight, minlength=size),
            "strength_in": np.bincount(into, weights=network.weight, minlength=size),
        }
    )


def regulator_pagerank(network: IndexedNetwork) -> NDArray[np.float64]:
    """Return the PageRank of every node in the network turned round, shape ``(N,)``.

    A walk goes from a target to one of its sources, chosen by weight; with probability
    ``1 - DAMPING``, or where nothing enters a node, it starts anywhere (Page et al. 1999). So a
    node ranks high that acts on many nodes which act on many themselves.
    """
    size = len(network.names)
    if not size:
        return np.zeros(0)
    entering = np.bincount(network.target, weights=network.weight, minlength=size)
    share = np.divide(
        network.weight,
        entering[network.target],
        out=np.zeros(len(network)),
        where=entering[network.target] > 0,
    )
    step = csr_array((share, (network.source, network.target)), shape=(size, size))
    ended = entering <= 0
    rank = np.full(size, 1.0 / size)
    for _ in range(MOST_STEPS):
        after = DAMPING * (step @ rank + rank[ended].sum() / size) + (1 - DAMPING) / size
        if np.abs(after - rank).sum() < TOLERANCE:
            return np.asarray(after)
        rank = after
    return rank
