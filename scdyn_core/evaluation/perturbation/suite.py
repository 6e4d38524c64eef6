"""Scores of predictions by every metric, beside baselines and the technical duplicate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from scdyn_core.evaluation.perturbation.baselines import Predictions, baseline_predictions
from scdyn_core.evaluation.perturbation.cell_space import CellSpace
from scdyn_core.evaluation.perturbation.comparison import Comparison, Observed
from scdyn_core.evaluation.perturbation.duplicate import (
    DUPLICATE,
    INTERPOLATED,
    interpolated,
    technical_duplicates,
)
from scdyn_core.evaluation.perturbation.metrics import METRICS
from scdyn_core.evaluation.perturbation.shrinkage import Prior, learn_prior
from scdyn_core.evaluation.perturbation.task import PartedScreen, Prediction, Task

#: Name of the model whose run it is.
THIS_RUN = "this run"
COLUMNS = ("task", "model", "perturbation", "metric", "value")


def score_predictions(
    screen: PartedScreen, predictions: Mapping[str, Predictions], task: Task, *, seed: int
) -> pd.DataFrame:
    """Score the predictions of some models, of all baselines, and the technical duplicate.

    Parameters
    ----------
    screen
        Learned and scored cells.
    predictions
        By model and perturbation. What is not in ``screen.perturbations`` is not scored.
    task
        What is asked.
    seed
        Draws cells where there are more than are compared, duplicates and folds.

    Returns
    -------
    DataFrame
        ``task``, ``model``, ``perturbation``, ``metric``, ``value``. A model is missing where it
        has nothing to say, a metric where it is not defined.
    """
    models = {**predictions, **baseline_predictions(screen, task, seed=seed)}
    comparison = Comparison(screen, CellSpace.of(screen, seed=seed), seed)
    prior = learn_prior(screen, screen.mean_change) if len(screen.trained.names) > 1 else None
    rows = []
    for number, perturbation in enumerate(screen.perturbations):
        observed = comparison.observed(number)
        for model, said in _all_said(screen, models, prior, perturbation, seed):
            values = np.mean([_values(comparison, observed, one) for one in said], axis=0)
            rows += [
                (task, model, perturbation, metric.name, value)
                for metric, value in zip(METRICS, values, strict=True)
                if np.isfinite(value)
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _all_said(
    screen: PartedScreen,
    models: Mapping[str, Predictions],
    prior: Prior | None,
    perturbation: str,
    seed: int,
) -> Iterator[tuple[str, list[Prediction]]]:
    """Return what every model says of a perturbation; duplicates may say it several times."""
    for model, predictions in models.items():
        if perturbation in predictions:
            yield model, [predictions[perturbation]]
    duplicates = technical_duplicates(screen, perturbation, seed=seed)
    if duplicates:
        yield DUPLICATE, duplicates
        if prior is not None:
            yield INTERPOLATED, [interpolated(one, prior) for one in duplicates]


def _values(comparison: Comparison, observed: Observed, said: Prediction) -> list[float]:
    predicted = comparison.predicted(said)
    return [metric.value(observed, predicted) for metric in METRICS]
