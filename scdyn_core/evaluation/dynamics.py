"""How much of a derivative a model explains, and what simple models would.

Symbols: x (n, G) expression, dx (n, G) its derivative, scores (n, k) principal components.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsRegressor

Matrix = NDArray[np.floating]


def share_explained(target: Matrix, prediction: Matrix) -> float:
    """Return 1 - SSE / Σ target²: 0 is predicting no change, 1 is perfect, below 0 is worse.

    Not a number where the target does not move.

    Parameters
    ----------
    target, prediction
        Shape ``(n, G)``.
    """
    return _one_minus_ratio(np.square(target - prediction).sum(), np.square(target).sum())


def centred_share(target: Matrix, prediction: Matrix) -> float:
    """Return R² over all entries with each column's mean taken off the target's variance.

    Not a number where the target is constant.
    """
    variation = np.square(target - target.mean(axis=0)).sum()
    return _one_minus_ratio(np.square(target - prediction).sum(), variation)


def _one_minus_ratio(error: float, whole: float) -> float:
    return 1.0 - float(error) / float(whole) if whole > 0 else float("nan")


def tangent_share(derivative: Matrix, components: Matrix) -> float:
    """Return the share of Σ derivative² inside the span of the components, from 0 to 1.

    Only this share can be expressed by a model that moves cells within the components.

    Parameters
    ----------
    derivative
        Shape ``(n, G)``.
    components
        Orthonormal rows, shape ``(k, G)``.
    """
    total = float(np.square(derivative).sum())
    return float(np.square(derivative @ components.T).sum()) / total if total > 0 else 0.0


def mean_cosine(target: Matrix, prediction: Matrix) -> float:
    """Return the mean over rows of the cosine between target and prediction.

    Rows in which one of them does not move do not count; not a number where none counts.
    """
    norms = np.linalg.norm(target, axis=1) * np.linalg.norm(prediction, axis=1)
    moving = norms > 0
    if not moving.any():
        return float("nan")
    return float(np.mean((target * prediction).sum(axis=1)[moving] / norms[moving]))


@dataclass(frozen=True)
class Motion:
    """One part of a data set as baselines see it.

    Attributes
    ----------
    scores
        Principal components of expression, shape ``(n, k)``.
    dscores
        The derivative in the same components, shape ``(n, k)``.
    dx
        The derivative of every gene, shape ``(n, G)``.
    types
        Cell types, shape ``(n,)``; ``None`` where unknown.
    """

    scores: Matrix
    dscores: Matrix
    dx: Matrix
    types: NDArray[np.generic] | None


@dataclass(frozen=True)
class Fit:
    """How well a baseline predicts the derivative of cells it has not seen.

    Attributes
    ----------
    share
        As ``share_explained``.
    centred_share
        As ``centred_share``: what is left when the mean derivative earns no credit.
    """

    share: float
    centred_share: float

    @classmethod
    def of(cls, target: Matrix, prediction: Matrix) -> Fit:
        """Measure a prediction, shape ``(n, G)``."""
        return cls(share_explained(target, prediction), centred_share(target, prediction))


def derivative_baselines(
    train: Motion, test: Motion, loadings: Matrix, dimensions: Mapping[str, int]
) -> dict[str, Fit]:
    """Return how much of ``test.dx`` simple models learned on ``train`` explain.

    Parameters
    ----------
    loadings
        Derivative of genes per derivative of a component, shape ``(k, G)``.
    dimensions
        Name -> number of components for a sparse quadratic ODE of that many components.
    """
    mean = np.broadcast_to(train.dx.mean(axis=0), test.dx.shape)
    predicted = {"no change": np.zeros_like(test.dx), "mean": mean}
    if train.types is not None and test.types is not None:
        predicted["cell-type mean"] = _type_means(train, test.types)
    neighbours = KNeighborsRegressor(n_neighbors=min(10, len(train.dx)))
    neighbours.fit(train.scores, train.dx)
    predicted["10 nearest cells"] = neighbours.predict(test.scores)
    for name, d in dimensions.items():
        ode = sparse_quadratic_ode(train.scores[:, :d], train.dscores[:, :d])
        predicted[name] = ode(test.scores[:, :d]) @ loadings[:d]
    return {name: Fit.of(test.dx, values) for name, values in predicted.items()}


def _type_means(train: Motion, types: NDArray[np.generic]) -> Matrix:
    assert train.types is not None
    overall = train.dx.mean(axis=0)
    predicted = np.empty((len(types), train.dx.shape[1]))
    for name in np.unique(types):
        members = train.types == name
        predicted[types == name] = train.dx[members].mean(axis=0) if members.any() else overall
    return predicted


@dataclass(frozen=True)
class SparseOde:
    """A quadratic ODE found by STLSQ; call it with states ``(n, d)`` for their derivative."""

    model: object
    scale: Matrix
    active_terms: int

    def __call__(self, states: Matrix) -> Matrix:
        """Return the derivative at ``states``, shape ``(n, d)``."""
        predicted: Matrix = np.asarray(self.model.predict(states / self.scale))  # type: ignore[attr-defined]
        return predicted * self.scale


def sparse_quadratic_ode(
    states: Matrix, derivatives: Matrix, threshold: float = 0.02, ridge: float = 1e-3
) -> SparseOde:
    """Fit ``d states = quadratic(states)`` by STLSQ (pysindy), states scaled to sd 1.

    Parameters
    ----------
    states, derivatives
        Shape ``(n, d)``.
    threshold
        Smallest coefficient kept, in units of the largest sd of the scaled derivatives.
    """
    import pysindy

    scale = states.std(axis=0) + 1e-12
    scaled = derivatives / scale
    largest = float(scaled.std(axis=0).max())
    model = pysindy.SINDy(
        optimizer=pysindy.STLSQ(threshold=threshold * largest, alpha=ridge * len(states)),
        feature_library=pysindy.PolynomialLibrary(degree=2),
    )
    with warnings.catch_warnings():
        # An empty equation is an answer: a derivative without signal has none.
        warnings.filterwarnings("ignore", message="Sparsity parameter is too big")
        model.fit(states / scale, t=1.0, x_dot=scaled)
    return SparseOde(model, scale, int(np.count_nonzero(model.coefficients())))
