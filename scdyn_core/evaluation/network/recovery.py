"""How well strengths of edges rank the true ones first.

All functions take arrays over the same pairs of genes, in any order. Tied pairs, such as all those
without an edge, count as if they stood in random order: nothing is gained by the order they came.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: More points of a curve than these show nothing more.
MOST_POINTS = 400


@dataclass(frozen=True)
class _Ranked:
    """Pairs from the strongest down, pairs that tie taken together.

    Attributes
    ----------
    pairs, hits
        Pairs and true pairs down to every distinct strength, shape ``(D,)``.
    strength
        The distinct strengths, descending, shape ``(D,)``.
    """

    pairs: Vector
    hits: Vector
    strength: Vector

    @classmethod
    def of(cls, strength: Vector, hit: NDArray[np.bool_]) -> _Ranked:
        # Most pairs of a sparse network have no edge: they tie, and need no sorting.
        there = np.flatnonzero(strength)
        order = there[np.argsort(-strength[there], kind="stable")]
        ranked = strength[order]
        last = np.flatnonzero(np.append(np.diff(ranked) != 0, True)) if len(ranked) else order
        pairs = (last + 1).astype(np.float64)
        hits = np.cumsum(hit[order].astype(np.float64))[last]
        if len(there) == len(strength):
            return cls(pairs, hits, ranked[last])
        whole = float(len(strength)), float(hit.sum()), 0.0
        own = pairs, hits, ranked[last]
        return cls(*(np.append(each, end) for each, end in zip(own, whole, strict=True)))


def average_precision(strength: Vector, true: Flags) -> float:
    """Return the area under the precision-recall curve as average precision.

    The curve has a step for every distinct strength, as scikit-learn's ``average_precision_score``.

    Parameters
    ----------
    strength
        Unsigned strengths of all pairs, shape ``(P,)``.
    true
        Which pairs are edges in truth, shape ``(P,)``.

    Returns
    -------
    float
        From 0 to 1; ``nan`` where no pair is an edge.
    """
    ranked = _Ranked.of(strength, true)
    total = true.sum()
    if not total:
        return float("nan")
    gained = np.diff(ranked.hits, prepend=0.0)
    return float((gained * ranked.hits / ranked.pairs).sum() / total)


def expected_average_precision(pairs: int, edges: int) -> float:
    """Return the mean average precision of all orders of ``pairs`` with ``edges`` true ones.

    A little above the share of true pairs. ``nan`` where there are none.
    """
    if not edges:
        return float("nan")
    harmonic = float((1.0 / np.arange(1, pairs + 1)).sum())
    further = (edges - 1) / (pairs - 1) if pairs > 1 else 0.0
    return (harmonic + further * (pairs - harmonic)) / pairs


def early_precision(strength: Vector, true: Flags, right: Flags | None = None) -> float:
    """Return the expected precision among the strongest pairs, as many as there are true ones.

    Parameters
    ----------
    strength
        Unsigned strengths of all pairs, shape ``(P,)``.
    true
        Which pairs are edges in truth, shape ``(P,)``.
    right
        Which pairs count as found when they are among the strongest; ``true`` if not given.

    Returns
    -------
    float
        From 0 to 1; ``nan`` where no pair is an edge.
    """
    counted = int(true.sum())
    if not counted:
        return float("nan")
    ranked = _Ranked.of(strength, true if right is None else right)
    reached = int(np.searchsorted(ranked.pairs, counted))
    above, found = (ranked.pairs[reached - 1], ranked.hits[reached - 1]) if reached else (0.0, 0.0)
    share = (ranked.hits[reached] - found) / (ranked.pairs[reached] - above)
    return float((found + (counted - above) * share) / counted)


def signed_early_precision(value: Vector, sign: NDArray[np.int8]) -> float:
    """Return the early precision where an edge counts only with the right sign.

    Parameters
    ----------
    value
        Signed strengths of all pairs, shape ``(P,)``.
    sign
        1 or -1 for true edges, 0 for pairs without one, shape ``(P,)``.
    """
    true = sign != 0
    return early_precision(np.abs(value), true, true & (np.sign(value) == sign))


def precision_recall_curve(
    strength: Vector, true: Flags, most: int = MOST_POINTS
) -> tuple[Vector, Vector, Vector]:
    """Return recall, precision and strength at the points of the curve, the strongest first.

    Points are distinct strengths; of more than ``most`` some are left out, evenly along the recall
    and then along the number of pairs, the ends never.

    Returns
    -------
    tuple
        Three arrays of one length, at most ``most``; empty where no pair is an edge.
    """
    total = true.sum()
    if not total:
        return np.empty(0), np.empty(0), np.empty(0)
    ranked = _Ranked.of(strength, true)
    kept = np.arange(len(ranked.pairs))
    if len(kept) > most:
        half = most // 2
        by_recall = np.searchsorted(ranked.hits, np.linspace(ranked.hits[0], total, half))
        by_pairs = np.unique(np.geomspace(1, len(kept), most - half).astype(np.int64) - 1)
        kept = np.union1d(np.minimum(by_recall, len(kept) - 1), by_pairs)
    return ranked.hits[kept] / total, (ranked.hits / ranked.pairs)[kept], ranked.strength[kept]
