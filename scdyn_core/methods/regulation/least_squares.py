"""The path model fitted to training cells by least squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.methods.method import Tensors
from scdyn_core.methods.regulation.arrays import measured_in, nodes_from
from scdyn_core.methods.regulation.config import RegulationConfig
from scdyn_core.methods.regulation.prior import supposed_effects
from scdyn_core.methods.regulation.problem import path_problem
from scdyn_core.methods.regulation.solver import PathProblem, solve

Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]


def fitted(tensors: Tensors, config: RegulationConfig, rows: Integers | None = None) -> Matrix:
    """Return the coefficients that explain some training cells, shape ``(T, G)``.

    Parameters
    ----------
    rows
        Training cells to use, with repeats; ``None`` for all.
    """
    coefficients = solve(problem_of(tensors, config, rows)).numpy()
    prior = np.asarray(tensors.constants["prior"])
    learned = nodes_from(tensors).learned
    return np.asarray(coefficients + supposed_effects(coefficients, prior, learned))


def problem_of(
    tensors: Tensors, config: RegulationConfig, rows: Integers | None = None
) -> PathProblem:
    """Return the least-squares problem of some training cells."""
    measured = measured_in(tensors, "train", rows)
    assert measured is not None
    nodes, prior = nodes_from(tensors), np.asarray(tensors.constants["prior"])
    apart = bool(tensors.constants["apart"])
    return path_problem(measured, nodes, prior, config, apart=apart)


def resampled(tensors: Tensors, seed: int) -> Integers:
    """Draw as many training cells with repeats, label by label."""
    label = np.asarray(tensors.parts["train"]["label"]).astype(np.int64)
    rng = np.random.default_rng(seed)
    own = (np.flatnonzero(label == value) for value in np.unique(label))
    return np.concatenate([rng.choice(rows, len(rows)) for rows in own])
