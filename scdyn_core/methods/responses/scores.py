"""What a run is judged by, always beside its baselines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.evaluation.forecast.intervals import LEVEL, coverage, rmse
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.responses.baselines import THIS_RUN
from scdyn_core.methods.responses.hidden_times import BETWEEN, FORECAST, MODEL


def response_scores(baselines: pd.DataFrame, predictions: pd.DataFrame) -> list[Score]:
    """Return the scores of a run from its tables ``baselines`` and ``predictions``."""
    scores = []
    if "truth" in baselines:
        scores.append(_cluster_score(baselines, "truth", "agreement with the planted classes"))
    for task, metric in (
        (BETWEEN, "error of a hidden time (log2)"),
        (FORECAST, "error of the last time (log2)"),
    ):
        rows = predictions[predictions["task"] == task]
        errors = {
            str(model): rmse(own["observed"].to_numpy(), own["predicted"].to_numpy())
            for model, own in rows.groupby("model", sort=False)
        }
        scores.append(_score(metric, errors, MODEL, "test genes", "lower"))
    scores.append(_cluster_score(baselines, "halves", "agreement between halves of the cells"))
    off = {
        str(model): abs(_covered(own) - LEVEL)
        for model, own in predictions.groupby("model", sort=False)
        if np.isfinite(own["low"]).any()
    }
    scores.append(_score("distance of coverage from 90 %", off, MODEL, "test genes", "lower"))
    return [score for score in scores if np.isfinite(score.value)]


def _covered(rows: pd.DataFrame) -> float:
    observed, low, high = (rows[name].to_numpy() for name in ("observed", "low", "high"))
    return coverage(observed, low, high)


def _cluster_score(baselines: pd.DataFrame, column: str, metric: str) -> Score:
    values = dict(zip(baselines["baseline"], baselines[column].astype(float), strict=True))
    return _score(metric, values, THIS_RUN, "all genes", "higher")


def _score(metric: str, values: dict[str, float], own: str, split: str, better: str) -> Score:
    others = {name: value for name, value in values.items() if name != own and np.isfinite(value)}
    return Score.model_validate(
        {
            "metric": metric,
            "value": values[own],
            "split": split,
            "better": better,
            "baselines": others,
        }
    )
