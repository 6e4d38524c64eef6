"""One clustering out of several replicates: matched, averaged, and how far each gene is agreed on.

Soft voting over matched clusters (Dimitriadou, Weingessel and Hornik, International Journal of
Pattern Recognition 16 (2002) 901): nothing larger than (G, k) is made, unlike a table of how
often each pair of genes falls together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.clustering.agreement import Labels, Memberships, adjusted_rand, matched

#: Rounds of matching to the mean; two or three settle it in practice.
_ROUNDS = 50


@dataclass(frozen=True)
class Consensus:
    """What replicates agree on.

    Attributes
    ----------
    labels
        Cluster of every gene by the largest mean membership, shape ``(G,)``.
    memberships
        Mean membership over matched replicates, shape ``(G, k)``.
    stability
        Share of replicates whose own cluster of the gene is ``labels``, shape ``(G,)``; NaN with
        a single replicate.
    replicates
        Memberships of every replicate in the consensus' numbering, shape ``(R, G, k)``.
    """

    labels: Labels
    memberships: Memberships
    stability: NDArray[np.float64]
    replicates: NDArray[np.float64]


def consensus(replicates: Sequence[Memberships]) -> Consensus:
    """Match every replicate to a common reference and average.

    The first reference is the replicate that agrees most with the others, so that one bad
    optimum does not give the numbering; then it is the mean of the matched, until the matching
    no longer changes.

    Parameters
    ----------
    replicates
        At least one membership matrix, each of shape ``(G, k)``.

    Raises
    ------
    ValueError
        If there is no replicate or their shapes differ.
    """
    if not replicates:
        raise ValueError("a consensus needs at least one replicate")
    reference = replicates[_medoid(replicates)]
    stack = np.stack([matched(member, reference) for member in replicates])
    for _ in range(_ROUNDS):
        reference = stack.mean(axis=0)
        again = np.stack([matched(member, reference) for member in stack])
        if np.array_equal(again, stack):
            break
        stack = again
    mean = stack.mean(axis=0)
    labels = mean.argmax(axis=1).astype(np.int64)
    agreed = (stack.argmax(axis=2) == labels).mean(axis=0)
    stability = agreed if len(stack) > 1 else np.full(len(labels), np.nan)
    return Consensus(labels, mean, stability, stack)


def _medoid(replicates: Sequence[Memberships]) -> int:
    labels = [member.argmax(axis=1) for member in replicates]
    agreement = np.array([[adjusted_rand(one, other) for other in labels] for one in labels])
    return int(agreement.sum(axis=1).argmax())
