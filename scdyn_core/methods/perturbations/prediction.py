"""Predicted responses beside their baselines, task by task, and which metrics can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.perturbation.calibration import calibrate
from scdyn_core.evaluation.perturbation.duplicate import INTERPOLATED
from scdyn_core.evaluation.perturbation.suite import COLUMNS, THIS_RUN, score_predictions
from scdyn_core.evaluation.perturbation.summary import as_scores, summarise
from scdyn_core.evaluation.perturbation.task import Prediction, Task
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Table
from scdyn_core.methods.perturbations.values import ScreenCells

TASKS: dict[Task, str] = {
    "seen": "test cells of perturbations that were learned from",
    "held out": "test cells of perturbations that were only adapted to",
    "combination": "test cells of unseen combinations",
}
SCORES = {
    "task": "seen: other cells of perturbations learned from; held out: perturbations only adapted "
    "to; combination: unseen combinations of perturbations learned from",
    "model": "this run, a baseline, or the technical duplicate: other cells of the same "
    "perturbation, which no prediction can be expected to beat",
    "perturbation": "name of the perturbation",
    "metric": "how the predicted response is compared with the one of the test cells",
    "value": "of the metric",
}
CALIBRATION = {
    "metric": SCORES["metric"],
    "better": "whether higher or lower values are better",
    "no_change": "mean value of predicting that nothing changes",
    "mean_perturbation": "mean value of predicting the same for every perturbation",
    "duplicate": "mean value of other cells of the same perturbation",
    "dynamic_range": "how far the duplicate gets from the better of the two towards perfect; at "
    "most 1, and near or below 0 where the metric cannot tell them apart",
    "share_duplicate_better": "share of the perturbations in which the duplicate is better",
    "verdict": "what may be read from the metric on these data",
    "headline": "whether it may stand where everybody looks",
}


@dataclass(frozen=True)
class Scored:
    """What predictions are worth.

    Attributes
    ----------
    tables
        ``prediction_scores`` and ``calibration``; empty where nothing could be scored.
    scores
        The headline metrics.
    """

    tables: Mapping[str, Table]
    scores: list[Score]


def scored_predictions(
    cells: ScreenCells,
    changes: Mapping[str, NDArray[np.float64]],
    visible: set[str],
    seed: int,
) -> Scored:
    """Score the predicted changes of perturbations.

    Parameters
    ----------
    changes
        Predicted change of every perturbation, by name, each ``(G,)``.
    visible
        Perturbations with a visible effect: others tell nothing of a metric or a model.
    """
    predictions = {name: Prediction(change) for name, change in changes.items()}
    frames, scores = [], []
    calibration: pd.DataFrame | None = None
    for task, words in TASKS.items():
        screen = cells.parted(task, seed)
        if screen is None:
            continue
        found = score_predictions(screen, {THIS_RUN: predictions}, task, seed=seed)
        # Metrics are judged once, where there are most perturbations to judge by.
        if calibration is None:
            calibration = calibrate(found, visible)
        found = found[found["model"] != INTERPOLATED]
        headlines = calibration.loc[calibration["headline"].astype(bool), "metric"]
        if task == "seen":
            summary = summarise(found, visible, seed=seed)
            scores += as_scores(summary, list(headlines), task=task, split=words)
        frames.append(found)
    if not frames or calibration is None:
        return Scored({}, [])
    table = pd.concat(frames, ignore_index=True)[list(COLUMNS)]
    return Scored(
        {
            "prediction_scores": Table(table, SCORES),
            "calibration": Table(calibration, CALIBRATION),
        },
        scores,
    )
