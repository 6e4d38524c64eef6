"""Scaling every gene, so that clusters are of shapes and not of levels."""

from __future__ import annotations

from typing import Literal

import numpy as np

from scdyn_core.methods.responses.pseudobulk import Matrix

Scaling = Literal["shrunken", "unit variance", "centre", "first time", "none"]


def scaled(y: Matrix, se: Matrix, scaling: Scaling) -> tuple[Matrix, Matrix]:
    """Return curves and standard errors on the scale a network reads.

    Parameters
    ----------
    y, se
        log2 expression without the offset and its standard errors, shape ``(G, T)``.
    """
    centre, divisor = _frame(y, se, scaling)
    return (y - centre) / divisor, se / divisor


def restored(values: Matrix, y: Matrix, se: Matrix, scaling: Scaling) -> Matrix:
    """Return scaled values of genes with the curves ``y`` on their log2 scale again."""
    centre, divisor = _frame(y, se, scaling)
    return values * divisor + centre


def shrunken(y: Matrix, se: Matrix) -> Matrix:
    """Return centred curves over ``sqrt(var + 2 se²)``: noise stays small, responses become one.

    Dividing by the standard deviation alone would blow up the noise of genes that do nothing.
    """
    return scaled(y, se, "shrunken")[0]


def _frame(y: Matrix, se: Matrix, scaling: Scaling) -> tuple[Matrix, Matrix]:
    """Return what is subtracted from and what divides every gene, shapes ``(G, 1)``."""
    one, zero = np.ones((len(y), 1)), np.zeros((len(y), 1))
    if scaling == "none":
        return zero, one
    if scaling == "first time":
        return y[:, :1], one
    known = np.isfinite(se)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    centre = np.where(known, y, 0.0).sum(axis=1, keepdims=True) / count
    if scaling == "centre":
        return centre, one
    variance = np.where(known, y - centre, 0.0) ** 2
    variance = variance.sum(axis=1, keepdims=True) / count
    if scaling == "unit variance":
        return centre, np.sqrt(np.maximum(variance, 1e-12))
    noise = (np.where(known, se, 0.0) ** 2).sum(axis=1, keepdims=True) / count
    return centre, np.sqrt(np.maximum(variance + 2 * noise, 1e-12))
