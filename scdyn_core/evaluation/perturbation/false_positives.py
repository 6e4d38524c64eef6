"""Predictions for perturbations without a visible effect: whatever is predicted there is invented.

Scores of such perturbations say little one by one, so they stand apart from the others. The error
of a prediction is compared with that of predicting no change, which is the noise of the scored
cells: 1 is as good as saying nothing, 2 has invented as much as the noise.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from scdyn_core.evaluation.perturbation.baselines import NO_CHANGE
from scdyn_core.evaluation.perturbation.duplicate import INTERPOLATED

METRIC = "MSE"


def false_positives(scores: pd.DataFrame, nulls: Collection[str], task: str) -> pd.DataFrame:
    """Return the error of every model where nothing can be seen, over that of no change.

    Parameters
    ----------
    scores
        As the suite returns them.
    nulls
        Perturbations without a visible effect, the null control among them.
    task
        Which predictions.

    Returns
    -------
    DataFrame
        ``model``, ``perturbation``, ``error`` (mean squared error over that of no change); the
        models with the smallest mean error first. Empty where nothing of the kind was scored.
    """
    own = scores[
        (scores["task"] == task)
        & (scores["metric"] == METRIC)
        & scores["perturbation"].isin(list(nulls))
        & (scores["model"] != INTERPOLATED)
    ]
    nothing = own[own["model"] == NO_CHANGE].set_index("perturbation")["value"]
    table = own[own["model"] != NO_CHANGE]
    table = table.assign(error=table["value"] / table["perturbation"].map(nothing))
    table = table.dropna(subset="error")[["model", "perturbation", "error"]]
    mean = table.groupby("model")["error"].mean()
    order = table["model"].map(mean).sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)
