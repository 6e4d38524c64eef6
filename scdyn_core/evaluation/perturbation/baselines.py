"""What a model of perturbations has to beat, by name; none looks at a scored cell.

A model that has nothing to say of a perturbation is left out for it. `training mean` needs cells of
its own. `matching mean` and `additive` are for combinations, the first with at least one part
learned alone, the second with all: of a single perturbation both say what its training mean says
or, where it was held out, the mean of perturbations. `knock-down only` is for perturbations that
were held out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from scdyn_core.evaluation.perturbation.cells import Values
from scdyn_core.evaluation.perturbation.knock_down import knock_down_only
from scdyn_core.evaluation.perturbation.ridge import ridge_on_components
from scdyn_core.evaluation.perturbation.shrinkage import learn_prior
from scdyn_core.evaluation.perturbation.task import PartedScreen, Prediction, Task

#: Names in tables and on the page.
NO_CHANGE, MEAN = "control mean", "mean of perturbations"
Predictions = Mapping[str, Prediction]


def baseline_predictions(screen: PartedScreen, task: Task, *, seed: int) -> dict[str, Predictions]:
    """Return the predictions of every baseline that applies, by model and perturbation.

    Parameters
    ----------
    screen
        The cells. For `held out` without adapted cells, and for `combination`, nothing of the
        scored perturbations may be among the learned cells.
    task
        What is asked; it decides on what the ridge is tuned.
    seed
        Of halves of cells and folds that the ridge is tuned on.

    Raises
    ------
    ValueError
        If a perturbation of the task was learned from that must not have been.
    """
    if task != "seen":
        leaked = sorted(set(screen.perturbations) & set(screen.learned.names))
        if leaked:
            raise ValueError(f"{leaked[0]!r} is scored as {task} but was learned from")
    found: dict[str, Predictions] = {
        NO_CHANGE: dict.fromkeys(screen.perturbations, Prediction(np.zeros(len(screen.genes)))),
        MEAN: dict.fromkeys(screen.perturbations, Prediction(screen.mean_change)),
        "training mean": _for_each(screen, lambda name: _own(screen, name)),
        "matching mean": _for_each(screen, lambda name: _matching(screen, name)),
        "additive": _for_each(screen, lambda name: _additive(screen, name)),
        "shrunken additive": _shrunken(screen),
        "knock-down only": knock_down_only(screen) if task == "held out" else {},
        "ridge on PCA": ridge_on_components(screen, task, seed=seed),
    }
    return {model: predictions for model, predictions in found.items() if predictions}


def _for_each(screen: PartedScreen, say: Callable[[str], Values | None]) -> Predictions:
    said = {name: say(name) for name in screen.perturbations}
    return {name: Prediction(change) for name, change in said.items() if change is not None}


def _own(screen: PartedScreen, name: str) -> Values | None:
    """Return the change in its own learned or adapted cells."""
    row = screen.known.place.get(name)
    return None if row is None else screen.known.values[row]


def _parts(screen: PartedScreen, name: str, changes: Values) -> list[Values | None]:
    """Return the change of every target of a combination, learned alone; None where it was not.

    Several labels with the same target, such as guides, count by their cells. A single
    perturbation has no parts.
    """
    known, targets = screen.known, screen.design[name]
    if len(targets) < 2:
        return []
    rows = [[known.place[label] for label in screen.labels_of(target)] for target in targets]
    return [
        np.average(changes[some], axis=0, weights=known.cells[some]) if some else None
        for some in rows
    ]


def _matching(screen: PartedScreen, name: str) -> Values | None:
    """Return the mean of the parts, the mean of perturbations standing for one never seen alone.

    Source: Viñas Torné et al., Systema, Nature Biotechnology (2025).
    """
    parts = _parts(screen, name, screen.known.values)
    if all(part is None for part in parts):
        return None
    filled = [screen.mean_change if part is None else part for part in parts]
    return np.asarray(np.mean(filled, axis=0))


def _additive(screen: PartedScreen, name: str) -> Values | None:
    """Return the sum of the parts.

    Source: Ahlmann-Eltze, Huber and Anders, Nature Methods 22 (2025) 1657.
    """
    return _sum(_parts(screen, name, screen.known.values))


def _sum(parts: list[Values | None]) -> Values | None:
    seen = [part for part in parts if part is not None]
    return np.sum(seen, axis=0) if seen and len(seen) == len(parts) else None


def _shrunken(screen: PartedScreen) -> Predictions:
    """Return the own change drawn to no change, or else the sum of those of the parts."""
    if not any(screen.design[name] for name in screen.known.names):
        return {}
    prior = learn_prior(screen, np.zeros(len(screen.genes)))
    known = screen.known
    posterior = np.array(
        [prior.posterior(*pair) for pair in zip(known.values, known.cells, strict=True)]
    )

    def say(name: str) -> Values | None:
        row = known.place.get(name)
        if row is not None:
            return np.asarray(posterior[row])
        return _sum(_parts(screen, name, posterior))

    return _for_each(screen, say)
