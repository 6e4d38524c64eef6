"""An error of cells, by type."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from scdyn_core.evaluation.representation.rows import rows


def errors_by_type(
    metric: str, errors: pd.Series, labels: pd.Series, rare: Collection[str]
) -> pd.DataFrame:
    """Return the mean error of all cells, of every type, and over types and rare types.

    Parameters
    ----------
    metric
        Name of the error; lower is better.
    errors
        Error of every cell, shape ``(n,)``.
    labels
        Type of every cell, in the same order; missing where unknown. Such cells count in ``all``.
    rare
        The rare types.

    Returns
    -------
    DataFrame
        ``metric``, ``cell_type``, ``value``, ``better``; empty without cells.
    """
    if errors.empty:
        return rows(metric, "lower", {}, rare)
    values = pd.Series(errors.to_numpy(dtype=float))
    known = pd.Series(labels.to_numpy(dtype=object)).dropna().astype(str)
    means = values.loc[known.index].groupby(known).mean()
    by_type = {str(name): float(mean) for name, mean in means.items()}
    return rows(metric, "lower", by_type, rare, float(values.mean()))
