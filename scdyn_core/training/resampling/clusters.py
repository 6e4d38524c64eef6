"""Weights from how many cells are like a cell: the inverse frequency of what it belongs to.

Cells are linked to their nearest neighbours in all latents together, the links cut into many small
clusters (Leiden), and every cell weighted by the inverse of the share of cells like it. A plain
``1 / size of the cluster`` would depend on where a crowd happens to be cut and on how finely.
Here clusters count as alike by how they are linked (``similarity.py``), so that cuts do not
matter and a group that stands apart on any scale does.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, triu

from scdyn_core.training.resampling.nearest import landmarks, nearest, nearest_landmark
from scdyn_core.training.resampling.similarity import ordinariness

Values = NDArray[np.float64]
Codes = NDArray[np.int64]
#: Fine: clusters of one crowd are recognised as such, a rare type inside a cluster is not.
_RESOLUTION = 4.0
_ITERATIONS = 2
_BLOCK = 2_000


def cluster_weights(latent: NDArray[np.floating], neighbours: int, seed: int) -> Values:
    """Return weights by the inverse share of the cells that a cell is linked to, and they to it.

    Of more than 10,000 cells, clusters are found among so many, and each other cell belongs to
    the cluster of the nearest. Groups with fewer cells among those than ``neighbours`` are not
    seen.

    Parameters
    ----------
    latent
        Shape ``(N, D)``. Only ratios of distances matter, not their scale.
    neighbours
        Links of a cell, to others.
    seed
        Of the choice among many cells, and of the clusters.

    Returns
    -------
    Shape ``(N,)``, sum 1; uniform where there are no more cells than neighbours.
    """
    n = len(latent)
    if n <= neighbours + 1 or (latent == latent[0]).all():
        return np.full(n, 1 / n)
    # Far from the origin, differences between places would be lost to rounding.
    latent = latent - latent.mean(axis=0)
    chosen = landmarks(n, seed)
    graph = shared_neighbours(nearest(latent[chosen], neighbours)[1])
    found = _leiden(graph, seed)
    member = found[nearest_landmark(latent, chosen, found)]
    indicator = csr_matrix((np.ones(len(found)), (np.arange(len(found)), found)))
    links = (indicator.T @ graph @ indicator).toarray()
    rare = 1 / ordinariness(links, np.bincount(member, minlength=len(links)))
    weights: Values = rare[member] / rare[member].sum()
    return weights


def shared_neighbours(positions: Codes) -> csr_matrix:
    """Return links between cells and their neighbours, weighted by the neighbours they share.

    The weight is the Jaccard index of the two neighbourhoods, each with the cell itself; it tells
    the neighbours inside a group from those that a cell was given for want of nearer ones.

    Parameters
    ----------
    positions
        Of the neighbours of every cell, shape ``(N, k)``.

    Returns
    -------
    Symmetric, shape ``(N, N)``, nothing on the diagonal.
    """
    n, k = positions.shape
    own = np.column_stack([np.arange(n), positions])
    near = csr_matrix((np.ones(own.size), own.ravel(), np.arange(0, own.size + 1, k + 1)), (n, n))
    linked = (near + near.T).tocsr()
    linked.data[:] = 1.0
    # In blocks: neighbours of neighbours are many more than neighbours.
    blocks = [near[start : start + _BLOCK] @ near.T for start in range(0, n, _BLOCK)]
    parts = [
        block.multiply(linked[start : start + _BLOCK]).tocoo()
        for start, block in zip(range(0, n, _BLOCK), blocks, strict=True)
    ]
    row = np.concatenate([part.row + _BLOCK * at for at, part in enumerate(parts)])
    column = np.concatenate([part.col for part in parts])
    shared = np.concatenate([part.data for part in parts])
    kept = row != column
    jaccard = shared[kept] / (2 * (k + 1) - shared[kept])
    return csr_matrix((jaccard, (row[kept], column[kept])), (n, n))


def _leiden(graph: csr_matrix, seed: int) -> Codes:
    """Return the cluster of every cell, shape ``(N,)`` (Traag et al. 2019)."""
    import igraph

    upper = triu(graph).tocoo()
    network = igraph.Graph(n=graph.shape[0], edges=np.column_stack([upper.row, upper.col]))
    igraph.set_random_number_generator(random.Random(seed))
    try:
        found = network.community_leiden(
            objective_function="modularity",
            weights=upper.data.tolist(),
            resolution=_RESOLUTION,
            n_iterations=_ITERATIONS,
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found.membership, dtype=np.int64)
