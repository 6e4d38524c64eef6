"""Fitting the path model to the training cells, and to resamples of them."""

from __future__ import annotations

from collections.abc import Sequence

from scdyn_core.methods.method import Arrays, Tensors
from scdyn_core.methods.regulation.config import RegulationConfig
from scdyn_core.methods.regulation.least_squares import fitted, resampled
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
    found: list[Arrays] = []
    for number, seed in enumerate(seeds):
        raise_if_cancelled(reporter)
        reporter.progress("fitting", number, len(seeds))
        rows = resampled(tensors, seed) if number else None
        found.append({"coefficients": fitted(tensors, config, rows)})
    reporter.progress("fitting", len(seeds), len(seeds))
    return found
