"""Which edges bring the change of a gene, of all that enter it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import networkx as nx
import numpy as np
import pandas as pd

from scdyn_core.networks.propagation import Propagation

#: Edges drawn that enter one gene; steps that are followed back.
MOST_IN, STEPS_BACK = 2, 4
#: Of the change of a gene, the share that an edge must bring to be drawn.
LEAST = 0.2
#: Height of a picture over its width.
HEIGHT = 0.75


def contributions(found: Propagation) -> pd.DataFrame:
    """Return what every edge brings: change of its source times its effect.

    Over the edges that enter a gene they sum to the change of the gene.

    Returns
    -------
    pandas.DataFrame
        source, target, effect, contribution.
    """
    source = found.change.reindex(found.edges["source"]).to_numpy()
    edges = found.edges[["source", "target", "effect"]].reset_index(drop=True)
    return edges.assign(contribution=source * edges["effect"])


def carrying_edges(
    found: Propagation, held: Collection[str], genes: Sequence[str], *, most_in: int = MOST_IN
) -> pd.DataFrame:
    """Return the edges that bring most of the change of given genes, back to the held ones.

    For every gene the strongest contributions in the direction of its change, those of a fifth
    of it at least, then the same for the genes these come from.

    Returns
    -------
    pandas.DataFrame
        As ``contributions``.
    """
    told = contributions(found)
    reached = found.change.reindex(told["target"]).to_numpy()
    share = told["contribution"] * np.sign(reached) / np.maximum(np.abs(reached), 1e-300)
    helping = told[share >= LEAST]
    order = helping["contribution"].abs().sort_values(ascending=False, kind="stable").index
    best = helping.loc[order].groupby("target", sort=False).head(most_in)
    into = best.groupby("target", sort=False).indices
    seen: set[str] = set()
    kept, asked = [], list(genes)
    for _ in range(STEPS_BACK):
        new = [gene for gene in dict.fromkeys(asked) if gene in into and gene not in seen]
        seen |= set(new)
        rows = [best.iloc[into[gene]] for gene in new]
        kept += rows
        asked = [str(name) for own in rows for name in own["source"] if name not in held]
    return pd.concat(kept, ignore_index=True) if kept else told.iloc[:0]


def layered(graph: nx.DiGraph, held: Collection[str]) -> dict[str, tuple[float, float]]:
    """Place nodes from left to right by their steps from the held ones, -1 to 1."""
    steps: dict[str, int] = {}
    for layer, nodes in enumerate(nx.bfs_layers(graph, [one for one in held if one in graph])):
        steps |= dict.fromkeys(nodes, layer)
    last = max(steps.values(), default=0)
    # What a circle alone feeds stands at the far end.
    columns: dict[int, list[str]] = {}
    for node in graph:
        columns.setdefault(steps.get(node, last + 1), []).append(node)
    width = max(max(columns), 1)
    places: dict[str, tuple[float, float]] = {}
    for column in sorted(columns):
        nodes = sorted(columns[column], key=lambda node: (_height(graph, node, places), node))
        for at, node in enumerate(nodes):
            y = HEIGHT * (1 - 2 * (at + 0.5) / len(nodes))
            # Every other one stands aside, so that names have room.
            aside = 0.16 / width * (at % 2) * (len(nodes) > 6)
            places[node] = (-1 + 2 * column / width - aside, y)
    return places


def _height(graph: nx.DiGraph, node: str, places: dict[str, tuple[float, float]]) -> float:
    """Return where a node's sources stand on average, the highest first."""
    own = [-places[source][1] for source in graph.predecessors(node) if source in places]
    return float(np.mean(own)) if own else 0.0
