"""Predicted responses: through the network, without it, or the network and what it leaves over."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.perturbation.shrinkage import shrunken_residuals
from scdyn_core.methods.perturbations.values import ScreenCells
from scdyn_core.methods.regulation.config import Predictor

Matrix = NDArray[np.float64]


def predicted_responses(
    through_network: Mapping[str, Matrix], cells: ScreenCells, predictor: Predictor, seed: int
) -> dict[str, Matrix]:
    """Return the predicted change of mean log-normalised expression, by perturbation.

    What training cells show beyond the network's prediction is drawn to zero as far as it is
    noise. Combinations that were not learned from get the sum of what their targets leave over.

    Parameters
    ----------
    through_network
        Predicted change of every perturbation, each ``(G,)``.
    """
    silent = {name: np.zeros(len(cells.genes)) for name in through_network}
    base = silent if predictor == "shrunken" else dict(through_network)
    screen = cells.parted("seen", seed)
    if predictor == "network" or screen is None:
        return base
    left = shrunken_residuals(screen, base)
    found = {}
    for name, change in base.items():
        parts = [left[part] for part in _alone(cells, name) if part in left]
        own = left.get(name)
        found[name] = change + (np.sum(parts, axis=0) if own is None and parts else 0.0)
        if own is not None:
            found[name] = change + own
    return found


def _alone(cells: ScreenCells, name: str) -> list[str]:
    """Return the perturbations that hit one target of a combination each."""
    known = cells.labelled
    singles = {parts[0]: label for label, parts in known.parts.items() if len(parts) == 1}
    targets = known.parts[name]
    return [singles[target] for target in targets if target in singles] if len(targets) > 1 else []
