"""Means and spreads of attributions that are never all in memory at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Moments:
    """Running moments of attributions of shape ``(cells, *shape)`` over the cells.

    Parameters
    ----------
    shape
        Shape of the attributions of one cell: inputs × outputs.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.count = 0
        self._sum: Array = np.zeros(shape)
        self._absolute: Array = np.zeros(shape)
        self._square: Array = np.zeros(shape)
        self._product: Array = np.zeros(shape)
        self._input: Array = np.zeros((shape[0], 1))
        self._input_square: Array = np.zeros((shape[0], 1))

    def add(self, values: Array, inputs: Array) -> None:
        """Take in attributions ``(n, *shape)`` of cells whose inputs are ``(n, shape[0])``."""
        given = inputs[:, :, None]
        self.count += len(values)
        self._sum += values.sum(axis=0)
        self._absolute += np.abs(values).sum(axis=0)
        self._square += np.square(values).sum(axis=0)
        self._product += (values * given).sum(axis=0)
        self._input += given.sum(axis=0)
        self._input_square += np.square(given).sum(axis=0)

    def __add__(self, other: Moments) -> Moments:
        both = Moments(self._sum.shape)
        both.count = self.count + other.count
        for name in ("_sum", "_absolute", "_square", "_product", "_input", "_input_square"):
            setattr(both, name, getattr(self, name) + getattr(other, name))
        return both

    @property
    def mean(self) -> Array:
        """Mean attribution."""
        return self._sum / self.count

    @property
    def mean_abs(self) -> Array:
        """Mean size of the attribution."""
        return self._absolute / self.count

    @property
    def sd(self) -> Array:
        """Standard deviation of the attribution."""
        return _root(self._square / self.count - np.square(self.mean))

    @property
    def sd_abs(self) -> Array:
        """Standard deviation of the size of the attribution."""
        return _root(self._square / self.count - np.square(self.mean_abs))

    @property
    def slope(self) -> Array:
        """Least-squares slope of the attribution on its input; 0 for an input that is constant."""
        mean = self._input / self.count
        covariance = self._product / self.count - mean * self.mean
        variance = self._input_square / self.count - np.square(mean)
        known = variance > 1e-12 * np.maximum(np.square(mean), 1.0)
        return np.where(known, covariance / np.where(known, variance, 1.0), 0.0)


def _root(square: Array) -> Array:
    root: Array = np.sqrt(np.maximum(square, 0.0))
    return root
