"""How alike clusters of a graph are: cuts through one crowd are nearly the same, islands are not.

Symbols: ``E_cd`` links between clusters ``c`` and ``d``, ``deg_c`` all links of ``c``, ``L`` all
links. ``r = E_cd L / (deg_c deg_d)`` is the links of two clusters, of those they would have if the
whole graph were mixed well: the resolution at which modularity puts them together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def joining_resolution(links: Values) -> Values:
    """Return for every pair of clusters the resolution at which it comes together.

    The two clusters with most links for their size are joined, then the next (Bonald et al. 2018,
    "Hierarchical graph clustering using node pair sampling"). Parts of one crowd end up together
    at about 1, even if far from each other, because each is linked to all others together as
    expected.

    Parameters
    ----------
    links
        ``E``, symmetric, shape ``(K, K)``, links inside a cluster counted from both ends.

    Returns
    -------
    Shape ``(K, K)``; infinite on the diagonal, 0 between islands.
    """
    between, degree = links.astype(np.float64), links.sum(axis=1)
    total = degree.sum()
    ratio = between * total / np.outer(degree, degree)
    np.fill_diagonal(ratio, -1.0)
    members = [[cluster] for cluster in range(len(links))]
    joined = np.full(ratio.shape, np.inf)
    alive = np.ones(len(links), dtype=bool)
    for _ in range(len(links) - 1):
        first, second = np.unravel_index(int(ratio.argmax()), ratio.shape)
        for one in members[first]:
            joined[one, members[second]] = joined[members[second], one] = ratio[first, second]
        members[first] += members[second]
        between[first] += between[second]
        between[:, first] += between[:, second]
        degree[first] += degree[second]
        alive[second] = False
        ratio[second] = ratio[:, second] = -1.0
        row = np.where(alive, between[first] * total / (degree[first] * degree), -1.0)
        row[first] = -1.0
        ratio[first] = ratio[:, first] = row
    return joined


def ordinariness(links: Values, cells: NDArray[np.integer]) -> Values:
    """Return the share of cells like those of each cluster, shape ``(K,)``, in ``(0, 1]``.

    Leinster and Cobbold 2012: the sum over clusters of their share times their similarity, here
    the square of the resolution at which they come together, at most 1. Alone on its island a
    cluster has its own share; a piece cut out of a crowd has nearly that of the crowd.
    """
    similarity = np.minimum(joining_resolution(links), 1.0) ** 2
    ordinary: Values = similarity @ (cells / cells.sum())
    return ordinary
