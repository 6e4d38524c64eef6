"""Whether the guides of one target change the same genes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.screen.moments import moments
from scdyn_core.evaluation.screen.screen import Labels, Screen

_FEWEST_CELLS = 10


def guide_agreement(screen: Screen, guides: Labels, *, seed: int) -> pd.DataFrame:
    """Return how alike the changes are that different guides of a perturbation make.

    The change of a guide is its mean log-normalised expression less that of control cells. Two
    guides are compared against different halves of the control, each way: against the same
    control, its noise alone would make them alike.

    Parameters
    ----------
    screen
        The cells.
    guides
        Guide of every cell, shape ``(n,)``; empty where it is not known.
    seed
        Divides the control cells.

    Returns
    -------
    pandas.DataFrame
        One row a perturbation, in the order of ``screen.names``: ``perturbation``, ``guides``
        (how many), ``guide_agreement`` (mean Pearson correlation over pairs of guides with ten
        cells or more; ``nan`` for fewer than two of these).
    """
    control = np.random.default_rng(seed).permutation(screen.reference)
    half = len(control) // 2
    halves = moments(screen.values, [control[:half], control[half:]]).mean
    found = []
    for name in screen.names:
        rows = screen.rows[name]
        known = rows[guides[rows] != ""]
        carried, codes = np.unique(guides[known].astype(str), return_inverse=True)
        groups = [known[codes == code] for code in range(len(carried))]
        large = [group for group in groups if len(group) >= _FEWEST_CELLS]
        alike = np.nan
        if len(large) > 1:
            mean = moments(screen.values, large).mean
            alike = _mean_correlation(mean - halves[0], mean - halves[1])
        found.append((name, float(len(carried)) if len(carried) else np.nan, alike))
    return pd.DataFrame(found, columns=["perturbation", "guides", "guide_agreement"])


def _mean_correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the mean correlation of every row of one with every other row of the other."""
    one, other = (change - change.mean(axis=1, keepdims=True) for change in (first, second))
    length = np.linalg.norm(one, axis=1)[:, None] * np.linalg.norm(other, axis=1)
    correlation = np.divide(one @ other.T, length, out=np.zeros_like(length), where=length > 0)
    pairs = ~np.eye(len(correlation), dtype=bool)
    return float(correlation[pairs].mean())
