"""Weights under which every class is drawn equally often."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def balanced_weights(classes: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return weights with the same mass for every class.

    Parameters
    ----------
    classes
        Code of the class of every sample, shape ``(N,)``. A negative code means that it is not
        known: such samples keep the mass they have under uniform draws.

    Returns
    -------
    Shape ``(N,)``, sum 1.
    """
    known = classes >= 0
    weights = np.full(len(classes), 1 / len(classes))
    if known.any():
        _, member, cells = np.unique(classes[known], return_inverse=True, return_counts=True)
        weights[known] = known.mean() / (len(cells) * cells[member])
    return weights
