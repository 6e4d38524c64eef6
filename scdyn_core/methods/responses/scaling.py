"""Scaling every gene, so that clusters are of shapes and not of levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scdyn_core.methods.responses.pseudobulk import Matrix

Scaling = Literal["shrunken", "unit variance", "centre", "first time", "none"]


@dataclass(frozen=True)
class Scale:
    """What is subtracted from every gene and what divides it.

    Attributes
    ----------
    centre, divisor
        Shape ``(G, 1)``, log2.
    """

    centre: Matrix
    divisor: Matrix

    def scaled(self, values: Matrix) -> Matrix:
        """Return log2 values on the scale."""
        return (values - self.centre) / self.divisor

    def restored(self, values: Matrix) -> Matrix:
        """Return scaled values in log2 again."""
        return values * self.divisor + self.centre


def scale_of(y: Matrix, se: Matrix, scaling: Scaling) -> Scale:
    """Return the scale of every gene from what was measured of it.

    Parameters
    ----------
    y, se
        log2 expression without the offset and its standard errors, shape ``(G, T)``; an infinite
        error says that nothing was measured.
    """
    one, zero = np.ones((len(y), 1)), np.zeros((len(y), 1))
    if scaling == "none":
        return Scale(zero, one)
    known = np.isfinite(se)
    if scaling == "first time":
        return Scale(np.take_along_axis(y, known.argmax(axis=1)[:, None], axis=1), one)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    centre = np.where(known, y, 0.0).sum(axis=1, keepdims=True) / count
    if scaling == "centre":
        return Scale(centre, one)
    variance = np.where(known, (y - centre) ** 2, 0.0).sum(axis=1, keepdims=True) / count
    if scaling == "shrunken":
        variance = variance + 2 * np.where(known, se**2, 0.0).sum(axis=1, keepdims=True) / count
    return Scale(centre, np.sqrt(np.maximum(variance, 1e-12)))


def shrunken(y: Matrix, se: Matrix) -> Matrix:
    """Return centred curves over ``sqrt(var + 2 se²)``: noise stays small, responses become one.

    Dividing by the standard deviation alone would blow up the noise of genes that do nothing.
    """
    return scale_of(y, se, "shrunken").scaled(y)
