"""Personalised PageRank: what is near a node by all paths of a network together."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import pandas as pd

from scdyn_core.networks.graph import Direction, directed

DAMPING = 0.85


def personalised_pagerank(
    graph: nx.DiGraph,
    start: Sequence[str],
    *,
    direction: Direction = "both",
    damping: float = DAMPING,
) -> pd.Series:
    """Return the share of time a random walk that keeps coming back to ``start`` spends on nodes.

    At each step the walk follows an edge, chosen by weight, with probability ``damping``; else,
    or where no edge leads on, it goes back to one of ``start`` (Page et al. 1999; Haveliwala
    2002, doi:10.1145/511446.511513).

    Parameters
    ----------
    graph
        Of ``graph_of``.
    start
        Nodes the walk comes back to.
    direction
        Along the edges (what the start acts on), against them (what acts on it), or both ways.
    damping
        Probability of following an edge.

    Returns
    -------
    Share of each node, the largest first; they sum to 1.

    Raises
    ------
    ValueError
        When ``start`` is empty or has a node that is not in the graph.
    """
    home = dict.fromkeys(start, 1.0)
    if not home or not home.keys() <= set(graph):
        raise ValueError("a walk starts from nodes of the graph")
    shares = nx.pagerank(
        directed(graph, direction),
        alpha=damping,
        personalization=home,
        # Starting at home, what the walk cannot reach keeps a share of exactly 0.
        nstart=home,
        tol=1e-10,
        max_iter=1000,
    )
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return pd.Series(dict(ranked), name="share", dtype=float)
