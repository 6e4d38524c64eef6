"""A perturbation that changes its own target and nothing else: what a network has to add to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scdyn_core.evaluation.perturbation.cells import Values
from scdyn_core.evaluation.perturbation.task import PartedScreen, Prediction


def knock_down_only(screen: PartedScreen) -> Mapping[str, Prediction]:
    """Return the change of the targets themselves, by perturbation.

    A target changes as among the adapted cells of the perturbation, or else, where there are none,
    as the targets of the learned single perturbations do on average. A target that is not measured
    leaves no change at all.
    """
    column = {gene: number for number, gene in enumerate(screen.genes)}
    usual = _usual(screen, column)
    said = {}
    for name in screen.perturbations:
        change = np.zeros(len(screen.genes))
        own = screen.known.place.get(name)
        for target in screen.design[name]:
            if target in column:
                number = column[target]
                change[number] = usual if own is None else screen.known.values[own, number]
        said[name] = Prediction(change)
    return said


def _usual(screen: PartedScreen, column: Mapping[str, int]) -> float:
    """Return the mean change of measured targets in their own perturbations; 0 without any."""
    trained: list[Values] = [
        screen.trained.values[row, column[screen.design[name][0]]]
        for row, name in enumerate(screen.trained.names)
        if len(screen.design[name]) == 1 and screen.design[name][0] in column
    ]
    return float(np.mean(trained)) if trained else 0.0
