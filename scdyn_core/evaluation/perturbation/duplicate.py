"""The technical duplicate: what a repeat of the experiment says of the scored cells.

It is the ceiling: nothing that predicts the mean should be asked to do better than other cells of
the same perturbation, as many as are scored. Where fewer others are left than are scored, the
duplicate is noisier than a true repeat and the ceiling too low.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scdyn_core.evaluation.perturbation.cells import Cells, Indices, dense
from scdyn_core.evaluation.perturbation.shrinkage import Prior
from scdyn_core.evaluation.perturbation.task import LEAST_LEARNED, PartedScreen, Prediction

#: Names in tables and on the page.
DUPLICATE, INTERPOLATED = "technical duplicate", "interpolated duplicate"
#: Duplicates of which scores are averaged, where there are cells enough.
MOST_REPEATS = 3


def technical_duplicates(screen: PartedScreen, perturbation: str, *, seed: int) -> list[Prediction]:
    """Return up to three duplicates made of different cells; none where no other cell is left.

    Parameters
    ----------
    screen
        Duplicates are drawn from the learned cells, for what was held out from the adapted or the
        spare ones: the first that have the perturbation.
    perturbation
        One of those scored.
    seed
        Draws the cells.
    """
    return [
        Prediction(values.mean(axis=0) - screen.learned.mean(screen.control), values)
        for values in (
            dense(source.values[rows]) for source, rows in _repeats(screen, perturbation, seed)
        )
    ]


def interpolated(duplicate: Prediction, prior: Prior) -> Prediction:
    """Return the best use of a duplicate: drawn to the mean of perturbations where it is noise.

    Its cells are moved along. What the raw duplicate loses to noise, the mean of perturbations
    does not; this is what tells a metric that is blind from a repeat that is small.

    Source of the idea: the interpolated duplicate of Miller et al., bioRxiv 2025.10.20.683304;
    the weights here are those of the empirical-Bayes posterior.
    """
    assert duplicate.cells is not None
    change = prior.posterior(duplicate.change, len(duplicate.cells))
    return Prediction(change, duplicate.cells + (change - duplicate.change))


def _repeats(screen: PartedScreen, perturbation: str, seed: int) -> Iterator[tuple[Cells, Indices]]:
    wanted = screen.scored.count(perturbation)
    for source in (screen.learned, screen.adapted, screen.spare):
        if source is None or source.count(perturbation) < LEAST_LEARNED:
            continue
        rows = source.rows(perturbation)
        place = screen.perturbations.index(perturbation)
        rows = np.random.default_rng((seed, place)).permutation(rows)
        repeats = min(max(len(rows) // wanted, 1), MOST_REPEATS)
        for number in range(repeats):
            yield source, rows[number * wanted : (number + 1) * wanted]
        return
