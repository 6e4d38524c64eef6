"""How alike two divisions of the same samples are, beside what chance gives.

Symbols: n samples; a table of counts N with a row a group of the one division and a column a
group of the other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Counts = NDArray[np.int64]
ARI, NMI = "adjusted Rand index", "normalised mutual information"
SHUFFLES = 200


def contingency(first: pd.Series, second: pd.Series) -> pd.DataFrame:
    """Return how many samples are in each group of both; groups in the order of their names.

    Parameters
    ----------
    first, second
        Groups of the samples, indexed by their names; samples that only one has, or without a
        group in either, are left out.
    """
    names = first.dropna().index.intersection(second.dropna().index)
    return pd.crosstab(_ordered(first.loc[names]), _ordered(second.loc[names]), dropna=True)


def adjusted_rand_of(counts: Counts) -> float:
    """Return the adjusted Rand index of a table: 1 for the same division, 0 expected by chance.

    Source: Hubert and Arabie, Journal of Classification 2 (1985) 193, eq. 5.
    """
    pairs = _pairs(counts).sum()
    rows, columns = _pairs(counts.sum(axis=1)).sum(), _pairs(counts.sum(axis=0)).sum()
    total = _pairs(counts.sum())
    if total == 0:
        return float("nan")
    expected, largest = rows * columns / total, (rows + columns) / 2
    return float((pairs - expected) / (largest - expected)) if largest != expected else 1.0


def normalised_information_of(counts: Counts) -> float:
    """Return the mutual information over the mean of the entropies of both, 0..1.

    Not adjusted for chance: it rises with the number of groups, so read it beside the null.
    Source: Vinh, Epps and Bailey, JMLR 11 (2010) 2837 (NMI_sum).
    """
    joint, rows, columns = (
        _entropy(np.asarray(part)) for part in (counts, counts.sum(axis=1), counts.sum(axis=0))
    )
    mean = (rows + columns) / 2
    return float(max(rows + columns - joint, 0.0) / mean) if mean > 0 else 1.0


def label_agreement(
    table: pd.DataFrame, *, shuffles: int = SHUFFLES, seed: int = 0
) -> pd.DataFrame:
    """Compare two divisions by every measure, beside shuffled samples.

    Shuffling the samples of one division draws a table at random among those with the same sizes
    of groups (Patefield, Applied Statistics 30 (1981) 91), which costs the same for a million
    samples as for a hundred.

    Parameters
    ----------
    table
        As ``contingency`` returns it.
    shuffles
        Tables drawn.
    seed
        Of the draws.

    Returns
    -------
    DataFrame
        ``measure``, ``value``, ``shuffled`` (mean over the draws), ``shuffled_best`` (largest).
    """
    counts = table.to_numpy(dtype=np.int64)
    measures: dict[str, Callable[[Counts], float]] = {
        ARI: adjusted_rand_of,
        NMI: normalised_information_of,
    }
    columns = ["measure", "value", "shuffled", "shuffled_best"]
    if not counts.sum():
        return pd.DataFrame(columns=columns)
    drawn = _drawn(counts, shuffles, seed)
    rows = []
    for measure, of in measures.items():
        null = np.array([of(each) for each in drawn])
        rows.append((measure, of(counts), float(null.mean()), float(null.max())))
    return pd.DataFrame(rows, columns=columns)


def _drawn(counts: Counts, shuffles: int, seed: int) -> Counts:
    from scipy.stats import random_table

    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    if min(np.count_nonzero(rows), np.count_nonzero(columns)) < 2:
        # There is one such table, and scipy draws tables of zeros in its place.
        return np.repeat(counts[np.newaxis], shuffles, axis=0)
    tables = random_table(rows, columns)
    found = tables.rvs(size=shuffles, method="patefield", random_state=seed)
    return np.asarray(found, dtype=np.int64)


def _ordered(groups: pd.Series) -> pd.Series:
    """Return groups as texts in their own order where they have one; numbers sort as numbers."""
    levels = (
        list(groups.cat.categories)
        if isinstance(groups.dtype, pd.CategoricalDtype)
        else sorted(groups.unique(), key=lambda each: (isinstance(each, str), each))
    )
    texts = list(dict.fromkeys(str(level) for level in levels))
    return pd.Series(pd.Categorical(groups.astype(str), texts), index=groups.index)


def _pairs(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    number = np.asarray(counts, dtype=np.float64)
    return number * (number - 1) / 2


def _entropy(counts: Counts) -> float:
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log(share)).sum())
