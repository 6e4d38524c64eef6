"""Does a model predict better than another? Both predict the same values, so errors are paired."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: Probability of as uneven a comparison by chance from which nobody can tell.
CHANCE = 0.05


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
        same values), ``p`` (Wilcoxon's signed-rank test over genes, two-sided: a few genes with
        huge errors decide nothing) and ``better``: 1 where the other model is better by more than
        chance, -1 where it is worse, 0 where nobody can tell, as where the test and the mean
        squared error disagree. The smallest error first.
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
        p, sign = _signed_ranks(gap)
        sure = p <= CHANCE and sign == np.sign(gap.mean())
        rows.append(
            (
                task,
                other,
                float(np.sqrt(means["error"].mean())),
                float(np.sqrt(means["own"].mean())),
                p,
                -sign if sure else 0,
            )
        )
    columns = ["task", "model", "rmse", "own", "p", "better"]
    return pd.DataFrame(rows, columns=columns).sort_values("rmse", ignore_index=True)


def _signed_ranks(gap: NDArray[np.float64]) -> tuple[float, int]:
    """Return the p-value of Wilcoxon's test and the sign of what outweighs."""
    from scipy.stats import rankdata, wilcoxon

    gap = gap[gap != 0]
    if not len(gap):
        return 1.0, 0
    outweighs = float((np.sign(gap) * rankdata(np.abs(gap))).sum())
    return float(wilcoxon(gap).pvalue), int(np.sign(outweighs))
