"""How much two networks have in common, beside what chance would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from scdyn_core.networks.gene_network import Paired

#: Numbers of strongest edges at which networks are compared, within a decade.
_STEPS = (1, 2, 5)
_FEWEST = 5
BOTH, FIRST, SECOND = "both", "only the first", "only the second"


@dataclass(frozen=True)
class Agreement:
    """Two networks, over all pairs of genes that both know.

    Attributes
    ----------
    pairs
        Edges that both could have.
    first, second, both
        Edges that one has, the other has, and both have.
    sign_agreement
        Share of the edges that both have, with a sign in both, that act the same way; NaN
        without such edges.
    signs
        How many such edges there are.
    rank_correlation
        Spearman correlation of the strengths over all pairs, 0 where there is no edge; NaN
        where one network's are all equal.
    """

    pairs: int
    first: int
    second: int
    both: int
    sign_agreement: float
    signs: int
    rank_correlation: float


def agreement(both: Paired) -> Agreement:
    """Compare all edges of two networks."""
    table = both.table
    shared = table[table["rank_a"].notna() & table["rank_b"].notna()]
    share, signs = _same_sign(shared)
    a, b = (table[name].to_numpy(dtype=np.float64) for name in ("strength_a", "strength_b"))
    return Agreement(
        pairs=both.pairs,
        first=int(table["rank_a"].notna().sum()),
        second=int(table["rank_b"].notna().sum()),
        both=len(shared),
        sign_agreement=share,
        signs=signs,
        rank_correlation=rank_correlation(a, b, both.pairs - len(table)),
    )


def overlap_curve(both: Paired) -> pd.DataFrame:
    """Compare the ``k`` strongest edges of two networks, for several ``k``.

    Where the edges of one are all equally strong there is only one ``k``: as many as it has.

    Returns
    -------
    pandas.DataFrame
        ``k``, ``shared`` (edges among the k strongest of both), ``expected`` (the same for k
        pairs drawn at random, ``k² / pairs``), ``jaccard`` (shared over edges in either),
        ``chance`` (Jaccard index of what is expected), ``same_sign`` (share of the shared with
        signs that act the same way; NaN without).
    """
    table, ranked = both.table, both.first.ranked and both.second.ranked
    most = int(min(table["rank_a"].notna().sum(), table["rank_b"].notna().sum()))
    rows = []
    for k in _numbers(most) if ranked else [most] if most else []:
        shared = table[(table["rank_a"] <= k) & (table["rank_b"] <= k)]
        expected = k * k / both.pairs
        rows.append(
            {
                "k": k,
                "shared": len(shared),
                "expected": expected,
                "jaccard": len(shared) / (2 * k - len(shared)),
                "chance": expected / (2 * k - expected),
                "same_sign": _same_sign(shared)[0],
            }
        )
    return pd.DataFrame(
        rows, columns=["k", "shared", "expected", "jaccard", "chance", "same_sign"]
    ).astype({"k": np.int64, "shared": np.int64, "jaccard": np.float64})


def edges_in(both: Paired, k: int) -> pd.DataFrame:
    """Return the edges among the ``k`` strongest of either network, and who has them.

    Returns
    -------
    pandas.DataFrame
        source, target, ``among`` (``BOTH``, ``FIRST``, ``SECOND``), and strength, sign and rank
        of both as in ``paired``; the best mean rank first.
    """
    table = both.table
    a, b = (table["rank_a"] <= k).to_numpy(), (table["rank_b"] <= k).to_numpy()
    among = np.select([a & b, a, b], [BOTH, FIRST, SECOND], default="")
    table = table.assign(among=among)
    last = len(table) + 1
    order = (table["rank_a"].fillna(last) + table["rank_b"].fillna(last)).argsort(kind="stable")
    table = table.iloc[order]
    return table[table["among"] != ""].reset_index(drop=True)


def rank_correlation(a: NDArray[np.float64], b: NDArray[np.float64], without: int) -> float:
    """Return Spearman's correlation of two lists of strengths and ``without`` pairs of zeros.

    The pairs without an edge are not listed: they share the mean rank of all zeros.
    """
    total = len(a) + without
    ranks = []
    for values in (a, b):
        zeros = int((values == 0).sum()) + without
        listed = rankdata(values) + without
        ranks.append((np.where(values == 0, (zeros + 1) / 2, listed), (zeros + 1) / 2))
    middle = (total + 1) / 2
    (first, none_first), (second, none_second) = ranks
    product = float(((first - middle) * (second - middle)).sum())
    product += without * (none_first - middle) * (none_second - middle)
    squares = [
        float(((rank - middle) ** 2).sum()) + without * (none - middle) ** 2 for rank, none in ranks
    ]
    if total < 2 or min(squares) <= 0:
        return float("nan")
    return product / float(np.sqrt(squares[0] * squares[1]))


def _same_sign(shared: pd.DataFrame) -> tuple[float, int]:
    product = (shared["sign_a"] * shared["sign_b"]).to_numpy()
    known = product[product != 0]
    if not len(known):
        return float("nan"), 0
    return float((known > 0).mean()), len(known)


def _numbers(most: int) -> list[int]:
    """Return 5, 10, 20, 50 … up to ``most``, and ``most``."""
    decades = range(len(str(max(most, 1))))
    steps = [step * 10**decade for decade in decades for step in _STEPS]
    inner = [k for k in steps if _FEWEST <= k < most]
    return [*inner, most] if most else []
