"""Fitting the path model to the training cells, and to resamples of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scdyn_core.methods.method import Arrays, Tensors
from scdyn_core.methods.path_network.problem import path_problem
from scdyn_core.methods.path_network.solver import solve
from scdyn_core.methods.regulation.arrays import measured_in, nodes_from
from scdyn_core.methods.regulation.config import RegulationConfig
from scdyn_core.methods.regulation.prior import supposed_effects
from scdyn_core.reporter import Reporter, raise_if_cancelled


def fit_replicates(
    tensors: Tensors, config: RegulationConfig, seeds: Sequence[int], reporter: Reporter
) -> list[Arrays]:
    """Return the ``coefficients`` (T, G) of every replicate.

    The first is of the training cells themselves, the others of cells drawn from them with
    repeats, label by label: how stable an edge is under other cells from the same dish.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    label = np.asarray(tensors.parts["train"]["label"]).astype(np.int64)
    found: list[Arrays] = []
    for number, seed in enumerate(seeds):
        raise_if_cancelled(reporter)
        reporter.progress("fitting", number, len(seeds))
        rows = _resampled(label, seed) if number else None
        found.append({"coefficients": fitted(tensors, config, rows)})
    reporter.progress("fitting", len(seeds), len(seeds))
    return found


def fitted(
    tensors: Tensors, config: RegulationConfig, rows: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Return the coefficients that explain some training cells, shape ``(T, G)``."""
    measured = measured_in(tensors, "train", rows)
    assert measured is not None
    nodes, prior = nodes_from(tensors), np.asarray(tensors.constants["prior"])
    apart = bool(tensors.constants["apart"])
    problem = path_problem(measured, nodes, prior, config, apart=apart)
    coefficients = solve(problem).numpy()
    return np.asarray(coefficients + supposed_effects(coefficients, prior, nodes.learned))


def _resampled(label: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    own = (np.flatnonzero(label == value) for value in np.unique(label))
    return np.concatenate([rng.choice(rows, len(rows)) for rows in own])
