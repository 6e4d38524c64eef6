"""Does a model predict better than another? Both predict the same values, so errors are paired."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: A difference of so many standard errors is not by chance (two-sided 5 %).
SURE = 1.96


def paired_errors(predictions: pd.DataFrame, model: str) -> pd.DataFrame:
    """Compare every other model with one of them, task by task.

    Parameters
    ----------
    predictions
        One row a prediction: ``task``, ``time``, ``gene``, ``model``, ``observed``, ``predicted``.
    model
        The model that the others are compared with.

    Returns
    -------
    DataFrame
        ``task``, ``model``, ``rmse``, ``own`` (the root mean squared error of ``model`` on the
        same values), ``difference`` (mean squared error minus that of ``model``), ``se`` (its
        standard error over genes) and ``better``: 1 where the other model is better by more than
        chance, -1 where it is worse, 0 where nobody can tell. The smallest error first.
    """
    keys = ["task", "time", "gene"]
    errors = predictions.assign(error=(predictions["predicted"] - predictions["observed"]) ** 2)
    own = errors[errors["model"] == model].set_index(keys)["error"].rename("own")
    rows = []
    for (task, other), part in errors[errors["model"] != model].groupby(["task", "model"]):
        both = part.set_index(keys)[["error"]].join(own, how="inner").dropna()
        # Times of one gene are not independent: they are averaged first.
        means = both.groupby(level="gene").mean()
        if means.empty:
            continue
        gap = (means["error"] - means["own"]).to_numpy(dtype=np.float64)
        se = float(gap.std(ddof=1) / np.sqrt(len(gap))) if len(gap) > 1 else np.inf
        mean = float(gap.mean())
        rows.append(
            (task, other, float(np.sqrt(means["error"].mean())),
             float(np.sqrt(means["own"].mean())), mean, se,
             0 if abs(mean) <= SURE * se else -int(np.sign(mean)))
        )  # fmt: skip
    columns = ["task", "model", "rmse", "own", "difference", "se", "better"]
    return pd.DataFrame(rows, columns=columns).sort_values("rmse", ignore_index=True)
