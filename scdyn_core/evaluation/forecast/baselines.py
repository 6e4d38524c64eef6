"""What a model of responses has to beat when it predicts a hidden time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import RidgeCV

from scdyn_core.evaluation.forecast.gaussian_process import gaussian_process
from scdyn_core.evaluation.forecast.task import HiddenTime, Prediction, Values

#: Strengths of the ridge, chosen among by leaving out one training gene at a time.
_STRENGTHS = np.geomspace(1e-3, 1e3, 13)
#: Trees of the forest, and training genes it learns from at most.
_TREES, _MOST_GENES = 200, 4000

Baseline = Callable[[HiddenTime, int], Prediction]


def baselines_of(task: HiddenTime) -> dict[str, Baseline]:
    """Return the baselines by name; each is called with the task and a seed.

    What needs no learning is `last value` in a forecast and `linear` otherwise.
    """
    simple = "last value" if task.is_forecast else "linear"
    return {
        simple: lambda task, seed: between_neighbours(task),
        "Gaussian process": gaussian_process,
        "ridge": lambda task, seed: ridge(task),
        "random forest": random_forest,
    }


def between_neighbours(task: HiddenTime) -> Prediction:
    """Interpolate linearly over real time between the other times next to the hidden one.

    Before the first and after the last of them it is the value there. The sd is unknown.
    """
    times, at = task.other_times, task.times[task.hidden]
    right = int(np.clip(np.searchsorted(times, at), 1, len(times) - 1))
    share = (at - times[right - 1]) / (times[right] - times[right - 1])
    share = float(np.clip(share, 0.0, 1.0))
    mean = (1 - share) * task.others[:, right - 1] + share * task.others[:, right]
    return Prediction(mean, np.full(len(mean), np.nan))


def ridge(task: HiddenTime) -> Prediction:
    """Regress the hidden time linearly on the others, strength and sd by leaving out one gene."""
    seen, target, unseen, level = _regression(task)
    scale = seen.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    model = RidgeCV(_STRENGTHS, store_cv_results=True).fit(seen / scale, target)
    best = int(np.argmin(np.abs(_STRENGTHS - model.alpha_)))
    sd = float(np.sqrt(model.cv_results_[:, best].mean()))
    return Prediction(model.predict(unseen / scale) + level, np.full(len(level), sd))


def random_forest(task: HiddenTime, seed: int) -> Prediction:
    """Regress the hidden time on the others with a forest; the sd is that of out-of-bag errors.

    Above 4,000 training genes ``seed`` draws those learned from.
    """
    seen, target, unseen, level = _regression(task)
    if len(seen) > _MOST_GENES:
        drawn = np.random.default_rng(seed).choice(len(seen), _MOST_GENES, replace=False)
        seen, target = seen[drawn], target[drawn]
    model = RandomForestRegressor(
        _TREES, min_samples_leaf=3, max_features=0.5, oob_score=True, random_state=seed, n_jobs=1
    ).fit(seen, target)
    sd = float(np.sqrt(np.square(target - model.oob_prediction_).mean()))
    return Prediction(model.predict(unseen) + level, np.full(len(level), sd))


def _regression(task: HiddenTime) -> tuple[Values, Values, Values, Values]:
    """Return features and target of training genes, features and level of held-out ones.

    Features are deviations from the gene's mean over the other times, the mean itself last; the
    target is a deviation from it too, so that a flat gene of any level is predicted flat.
    """
    seen = np.delete(task.train, task.hidden, axis=1)
    parts = []
    for values in (seen, task.others):
        level = values.mean(axis=1)
        parts.append((np.column_stack([values - level[:, None], level]), level))
    (train, own), (unseen, level) = parts
    return train, task.train[:, task.hidden] - own, unseen, level
