"""P values adjusted for many tests (Benjamini and Hochberg 1995)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def adjust(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return adjusted p values within every row; tests that could not be made stay ``nan``.

    Parameters
    ----------
    p
        P values, any shape; tests of one family along the last axis.
    """
    tests = np.isfinite(p).sum(axis=-1, keepdims=True)
    order = np.argsort(p, axis=-1)  # nan come last
    ranked = np.take_along_axis(p, order, axis=-1) * tests / np.arange(1, p.shape[-1] + 1)
    smallest = np.fmin.accumulate(ranked[..., ::-1], axis=-1)[..., ::-1]
    adjusted = np.empty_like(ranked)
    np.put_along_axis(adjusted, order, np.minimum(smallest, 1.0), axis=-1)
    return np.where(np.isfinite(p), adjusted, np.nan)
