"""How alike two clusterings are, and which cluster of one is which of the other.

Symbols: G genes; k clusters; labels (G,) in 0..k-1; memberships (G, k), rows adding up to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

Labels = NDArray[np.int64]
Memberships = NDArray[np.float64]


def adjusted_rand(labels: Labels, others: Labels) -> float:
    """Return the adjusted Rand index: 1 for the same partition, 0 for agreement by chance.

    Source: Hubert and Arabie, Journal of Classification 2 (1985) 193.
    """
    return float(adjusted_rand_score(labels, others))


def mean_agreement(replicates: Sequence[Labels]) -> float:
    """Return the mean adjusted Rand index over all pairs of replicates; NaN with fewer than two."""
    pairs = [adjusted_rand(one, other) for one, other in combinations(replicates, 2)]
    return float(np.mean(pairs)) if pairs else np.nan


def indicator(labels: Labels, k: int) -> Memberships:
    """Return hard labels as memberships of 0 and 1, shape ``(G, k)``.

    Raises
    ------
    ValueError
        If a label is outside ``0..k-1``.
    """
    labels = np.asarray(labels)
    if len(labels) and not (labels.min() >= 0 and labels.max() < k):
        raise ValueError(f"labels must lie in 0..{k - 1}")
    member = np.zeros((len(labels), k))
    member[np.arange(len(labels)), labels] = 1.0
    return member


def matching(memberships: Memberships, reference: Memberships) -> Labels:
    """Return for every cluster of the reference the cluster that is most like it, shape ``(k,)``.

    One to one, with the largest total overlap ``Σ_g memberships[g, i] · reference[g, j]``.
    Source: Kuhn, Naval Research Logistics Quarterly 2 (1955) 83 (the Hungarian method).

    Raises
    ------
    ValueError
        If the two are not of the same shape.
    """
    if memberships.shape != reference.shape:
        raise ValueError(f"shapes differ: {memberships.shape} and {reference.shape}")
    _, columns = linear_sum_assignment(reference.T @ memberships, maximize=True)
    return np.asarray(columns, dtype=np.int64)


def matched(memberships: Memberships, reference: Memberships) -> Memberships:
    """Return the memberships with their clusters in the order of the reference's, ``(G, k)``."""
    return memberships[:, matching(memberships, reference)]


def matched_labels(labels: Labels, reference: Labels) -> Labels:
    """Return the labels with each cluster under the number of its match in the reference, ``(G,)``.

    Clusters without a match (there may be more of them than in the reference) get numbers that
    the reference does not use.
    """
    k = int(max(labels.max(initial=0), reference.max(initial=0))) + 1
    columns = matching(indicator(labels, k), indicator(reference, k))
    number = np.empty(k, dtype=np.int64)
    number[columns] = np.arange(k)
    return number[labels]
