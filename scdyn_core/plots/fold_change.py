"""Curves of genes as change: log2 fold of their value at the first time."""

from __future__ import annotations

import pandas as pd


def fold_changes(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return the change of every gene since the first time, genes × times.

    Parameters
    ----------
    frame
        Columns gene, time and ``value`` (log2), one row a gene and time.
    value
        Column with the expression.

    Returns
    -------
    pandas.DataFrame
        Log2 fold change, shape ``(genes, times)``; times ascending, genes in the order of
        ``frame``; NaN where a gene has no value at a time or at the first one.
    """
    genes = pd.unique(frame["gene"])
    wide = frame.pivot(index="gene", columns="time", values=value).sort_index(axis=1)
    wide = wide.reindex(genes)
    return wide.sub(wide.iloc[:, 0], axis=0) if wide.shape[1] else wide


def fitted_changes(fitted: pd.DataFrame) -> pd.DataFrame:
    """Return the change of the fitted curves at the sampling times, genes × times."""
    return fold_changes(fitted[fitted["measured"].astype(bool)], "fitted")
