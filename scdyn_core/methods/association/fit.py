"""Estimating the networks, once from the training cells and again from cells drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.network.correlation import correlation
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.lagged_regression import LagSettings, lagged_regression
from scdyn_core.evaluation.network.mean_shift import mean_shift
from scdyn_core.evaluation.network.partial_correlation import partial_correlation
from scdyn_core.evaluation.network.regression_trees import TreeSettings, regression_trees
from scdyn_core.methods.association.arrays import genes_of, perturbed_of, screen_of, targets_of
from scdyn_core.methods.association.config import AssociationConfig, Estimator
from scdyn_core.methods.method import Arrays, Tensors
from scdyn_core.reporter import Reporter, raise_if_cancelled

STAGE = "estimating networks"
SHIFT: Estimator = "mean shift"
LAGGED: Estimator = "trees along pseudotime"


def fitted_networks(
    tensors: Tensors, config: AssociationConfig, seeds: Sequence[int], reporter: Reporter
) -> list[Arrays]:
    """Estimate every network from the training cells, and again from cells drawn from them.

    The first replicate is of the training cells as they are; others are of as many cells drawn
    with replacement (within every perturbation), so that it can be told which edges stay.

    Returns
    -------
    list
        For every seed the strengths by the name of the estimator, each ``(S, G)``.

    Raises
    ------
    ConfigError
        When nothing that was asked for can be estimated.
    Cancelled
        When the reporter says so.
    """
    estimators = estimators_of(tensors, config)
    models: list[Arrays] = []
    for replicate, seed in enumerate(seeds):
        rows = _resampled(tensors.parts["train"]["label"], seed if replicate else None)
        found: dict[str, NDArray[np.float32]] = {}
        for number, estimator in enumerate(estimators):
            raise_if_cancelled(reporter)
            done = replicate * len(estimators) + number
            part = _Part(reporter, done, len(seeds) * len(estimators), estimator, replicate == 0)
            part.progress("", 0, 1)
            estimate = _estimated(estimator, tensors, rows, config, seed, part)
            found[estimator] = estimate.value.astype(np.float32)
        models.append(found)
    whole = len(seeds) * len(estimators)
    reporter.progress(STAGE, whole, whole)
    return models


def estimators_of(tensors: Tensors, config: AssociationConfig) -> list[Estimator]:
    """Return what was asked for and can be estimated.

    Raises
    ------
    ConfigError
        When that is nothing.
    """
    asked = list(dict.fromkeys(config.estimators))
    if screen_of(tensors, "train") is None:
        asked = [name for name in asked if name != SHIFT]
    if "pseudotime" not in tensors.parts["train"]:
        asked = [name for name in asked if name != LAGGED]
    if not asked:
        raise ConfigError(
            "estimators",
            found="none that these data allow: " + ", ".join(config.estimators),
            needed="another one; mean shift needs perturbed cells, trees along pseudotime the "
            "role pseudotime",
            fix="Add an estimator, or set the role.",
        )
    return asked


def sources_of(tensors: Tensors, config: AssociationConfig, estimator: Estimator) -> list[str]:
    """Return the genes that edges of an estimator may leave.

    Raises
    ------
    ConfigError
        When none of the regulators asked for was measured.
    """
    perturbed = perturbed_of(tensors)
    if estimator == SHIFT:
        return list(perturbed)
    genes = genes_of(tensors)
    if config.regulators == "all":
        return list(genes)
    wanted = perturbed if config.regulators == "perturbed" else config.named
    measured = [name for name in dict.fromkeys(wanted) if name in set(genes)]
    if not measured:
        raise ConfigError(
            "regulators",
            found=f"{config.regulators} genes, none of which is among the genes used",
            needed="at least one",
            fix="Let all genes be regulators, or correct the names.",
        )
    return measured


def estimates_of(
    model: Arrays, tensors: Tensors, config: AssociationConfig
) -> dict[Estimator, NetworkEstimate]:
    """Return the networks of one replicate by the name of the estimator."""
    genes = genes_of(tensors)
    return {
        name: NetworkEstimate(
            tuple(sources_of(tensors, config, name)),
            genes,
            np.asarray(model[name], dtype=np.float64),
            UNITS[name],
        )
        for name in estimators_of(tensors, config)
    }


UNITS: dict[Estimator, str] = {
    "regression trees": "share of the variance of the target",
    "partial correlation": "partial correlation",
    "correlation": "Pearson r",
    "mean shift": "change of mean log-normalised expression",
    "trees along pseudotime": "share of what trees explain",
}


def _estimated(
    estimator: Estimator,
    tensors: Tensors,
    rows: NDArray[np.int64],
    config: AssociationConfig,
    seed: int,
    reporter: Reporter,
) -> NetworkEstimate:
    sources = sources_of(tensors, config, estimator)
    genes = genes_of(tensors)
    if estimator == SHIFT:
        screen = screen_of(tensors, "train", rows)
        assert screen is not None
        return mean_shift(screen, targets_of(tensors))
    values = tensors.parts["train"]["values"][rows]
    if estimator == "correlation":
        return correlation(values, genes, sources)
    if estimator == "partial correlation":
        return partial_correlation(values, genes, sources)
    if estimator == LAGGED:
        time = np.asarray(tensors.parts["train"]["pseudotime"], dtype=np.float64)[rows]
        window = max(LagSettings().window, -(-len(rows) // config.tree_cells))
        lagged = LagSettings(window=window, trees=config.trees, seed=seed)
        return lagged_regression(values, genes, time, sources, settings=lagged, reporter=reporter)
    settings = TreeSettings(
        config.tree_kind, trees=config.trees, most_cells=config.tree_cells, seed=seed
    )
    return regression_trees(values, genes, sources, settings=settings, reporter=reporter)


def _resampled(label: NDArray[np.floating], seed: int | None) -> NDArray[np.int64]:
    """Return all rows, or as many drawn with replacement within every label."""
    rows = np.arange(len(label))
    if seed is None:
        return rows
    rng = np.random.default_rng(seed)
    drawn = rows.copy()
    for number in np.unique(label):
        own = np.flatnonzero(label == number)
        drawn[own] = rng.choice(own, len(own), replace=True)
    return np.sort(drawn)


@dataclass(frozen=True)
class _Part:
    """The listener of one estimate, which is a part of the whole work."""

    whole: Reporter
    done: int
    total: int
    name: str
    first: bool

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        self.whole.progress(STAGE, self.done + done / max(total, 1), self.total, self.name)

    def metrics(self, row: dict[str, float | int | str]) -> None:
        self.whole.metrics(row)

    def log(self, line: str) -> None:
        # Every replicate would say the same.
        if self.first:
            self.whole.log(line)

    def cancelled(self) -> bool:
        return self.whole.cancelled()
