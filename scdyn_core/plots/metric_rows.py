"""The two kinds of rows of a run's metrics: losses, and how samples were drawn."""

from __future__ import annotations

import pandas as pd

#: Value of ``part`` in rows about draws.
DRAWS = "sampling"
_NEEDED = ["phase", "epoch_total", "replicate", "effective_share", "most"]


def losses_of(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about losses, with the columns that they fill."""
    if "part" not in metrics:
        return metrics
    about = metrics["part"] == DRAWS
    return metrics[~about].dropna(axis="columns", how="all") if about.any() else metrics


def draws_of(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about draws in the form of a run's table ``sampling``.

    Replicate, phase, epoch over all phases, effective sample size as a share of the samples, and
    largest weight in times the uniform one.
    """
    if not set(_NEEDED) <= set(metrics.columns):
        return pd.DataFrame(columns=[*_NEEDED, "epoch"]).drop(columns="epoch_total")
    rows = metrics.loc[metrics["part"] == DRAWS, _NEEDED]
    return rows.rename(columns={"epoch_total": "epoch"}).reset_index(drop=True)
