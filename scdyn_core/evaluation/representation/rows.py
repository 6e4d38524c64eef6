"""The form of every measure of a representation: one row a metric and type."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import numpy as np
import pandas as pd

COLUMNS = {
    "metric": "what was measured",
    "cell_type": "of which cells: all, the mean over types (macro), over rare types (rare), a type",
    "value": "in the unit of the metric",
    "better": "whether higher or lower is better",
}
#: Rows that are of no single type.
ALL, MACRO, RARE = "all", "macro", "rare"
Better = Literal["higher", "lower"]


def rare_types(labels: pd.Series, share: float) -> tuple[str, ...]:
    """Return the types that hold less than a share of the cells of known type, by name.

    Parameters
    ----------
    labels
        Type of every cell of the dataset; missing where unknown.
    share
        From 0 to 1.
    """
    shares = labels.dropna().astype(str).value_counts(normalize=True)
    return tuple(sorted(shares.index[(shares > 0) & (shares < share)]))


def row_name(cell_type: str) -> str:
    """Return what a type is called in the rows: never like a row that is of no single type."""
    return f"{cell_type} (type)" if cell_type in (ALL, MACRO, RARE) else cell_type


def rows(
    metric: str,
    better: Better,
    by_type: Mapping[str, float],
    rare: Collection[str],
    overall: float | None = None,
) -> pd.DataFrame:
    """Return a metric of every type, its means over types and rare types, and over all cells.

    Parameters
    ----------
    by_type
        Type -> value; types without cells are left out of it.
    rare
        The rare types. Without any of them in ``by_type`` there is no row ``rare``.
    overall
        Value of all cells together, where the metric has one.
    """
    found = {} if overall is None else {ALL: overall}
    if by_type:
        found[MACRO] = float(np.mean(list(by_type.values())))
    of_rare = [value for name, value in by_type.items() if name in rare]
    if of_rare:
        found[RARE] = float(np.mean(of_rare))
    found |= {row_name(name): value for name, value in by_type.items()}
    return pd.DataFrame(
        {"metric": metric, "cell_type": list(found), "value": list(found.values()),
         "better": better}
    )  # fmt: skip
