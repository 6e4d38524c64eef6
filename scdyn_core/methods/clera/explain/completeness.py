"""Whether attributions add up to what they explain: sum_i phi_i = f(x) - E_b f(b)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


class Completeness:
    """Running comparison of the sum of attributions with what they should sum to.

    Parameters
    ----------
    explainer
        How the attributions were computed.
    background
        Number of background cells.
    """

    def __init__(self, explainer: str, background: int) -> None:
        self.explainer = explainer
        self.background = background
        self.cells = 0
        self._error = 0.0
        self._size = 0.0

    def add(self, attributions: Matrix, reached: Matrix) -> None:
        """Take in attributions ``(n, inputs, outputs)`` and ``f(x) - E f``, ``(n, outputs)``."""
        self.cells += len(reached)
        self._error += float(np.square(attributions.sum(axis=1) - reached).sum())
        self._size += float(np.square(reached).sum())

    @property
    def gap(self) -> float:
        """Root mean square of the error, as a share of that of ``f(x) - E f``."""
        return float(np.sqrt(self._error / self._size)) if self._size else 0.0
