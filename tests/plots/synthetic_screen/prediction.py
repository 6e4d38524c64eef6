"""Scores of predictions beside baselines, and the calibration of metrics."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import pearsonr

from tests.plots.synthetic_screen.responses import change_of, wide_table

Values = NDArray[np.float64]

MODELS = ("this run", "control mean", "mean of perturbations", "training mean", "matching mean",
          "additive", "shrunken additive", "ridge on PCA", "technical duplicate")  # fmt: skip
METRICS = {"Pearson delta": "higher", "MSE": "lower", "weighted MSE": "lower",
           "top 20 Jaccard": "higher", "E-distance": "lower", "rank": "higher"}  # fmt: skip


def scores_of(
    names: list[str], kinds: list[str], kept: set[str], label: Values, part: Values,
    expression: Values, responses: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    observed, predicted = wide_table(responses, "change_test"), wide_table(responses, "predicted")
    train, se = wide_table(responses, "change_train"), wide_table(responses, "change_test_se")
    weight = (wide_table(responses, "log2_fold_change") / wide_table(responses, "se")) ** 2
    mean = train.mean()
    rows = []
    for row, (name, kind) in enumerate(zip(names[1:], kinds[1:], strict=True), start=1):
        task = "seen"
        if name in kept:
            task = "combination" if kind == "combination" else "held out"
        again = (label == row) & np.isin(part, ["validation", "adapt"])
        guesses = {
            "this run": predicted.loc[name],
            "control mean": 0 * mean,
            "mean of perturbations": mean,
            "technical duplicate": pd.Series(
                change_of(expression, again, label == 0), responses["gene"].unique()
            ),
        }
        if task == "seen":
            own = train.loc[name]
            guesses |= {
                "training mean": own,
                "ridge on PCA": 0.7 * own + 0.3 * mean,
                "matching mean": 0.5 * own + 0.5 * mean,
            }
        if task == "combination":
            added = train.loc[name.split("+")[0]].fillna(0) * 2
            guesses |= {"additive": added, "shrunken additive": 0.7 * added}
        values = {
            model: _metrics(guess[observed.columns], name, observed, weight.loc[name], se.loc[name])
            for model, guess in guesses.items()
        }
        rows += [
            (task, model, name, metric, own[metric])
            for model, own in values.items()
            for metric in METRICS
        ]
    return pd.DataFrame(rows, columns=["task", "model", "perturbation", "metric", "value"])


def _metrics(
    guess: pd.Series, name: str, observed: pd.DataFrame, weight: pd.Series, se: pd.Series
) -> dict[str, float]:
    truth = observed.loc[name]
    error = (guess - truth) ** 2
    known, top = weight.nlargest(20).index, (guess.abs() / se).nlargest(20).index
    far = ((observed - guess) ** 2).mean(axis=1)
    return {
        "Pearson delta": pearsonr(guess, truth).statistic if guess.std() else np.nan,
        "MSE": error.mean(),
        "weighted MSE": float((error * weight).sum() / weight.sum()),
        "top 20 Jaccard": len(known.intersection(top)) / len(known.union(top)),
        "E-distance": error.sum() - (se**2).sum(),
        "rank": float((far.drop(name) > far[name]).mean()),
    }


def calibration_of(scores: pd.DataFrame) -> pd.DataFrame:
    mean = scores[scores["task"] == "seen"].groupby(["metric", "model"])["value"].mean()
    wide = scores.pivot_table(index=["metric", "perturbation"], columns="model", values="value")
    rows = []
    for metric, better in METRICS.items():
        duplicate, own = mean[metric]["technical duplicate"], mean[metric]
        empty = float(np.nan_to_num(own.get("control mean", 0.0)))
        middle = float(own["mean of perturbations"])
        floor = max(empty, middle) if better == "higher" else min(empty, middle)
        perfect = 1.0 if better == "higher" else 0.0
        each = wide.loc[metric]
        sign = 1 if better == "higher" else -1
        share = (sign * (each["technical duplicate"] - each["mean of perturbations"]) > 0).mean()
        headline = metric in ("weighted MSE", "E-distance", "rank")
        rows.append(
            {
                "metric": metric,
                "better": better,
                "no_change": empty,
                "mean_perturbation": middle,
                "duplicate": float(duplicate),
                "dynamic_range": (duplicate - floor) / (perfect - floor),
                "share_duplicate_better": float(share),
                "verdict": "Tells a real measurement from the mean."
                if headline
                else "Cannot tell the mean of perturbations from a second measurement.",
                "headline": headline,
            }
        )
    return pd.DataFrame(rows)
