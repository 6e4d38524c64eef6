"""Which genes help to predict what is made of a gene a little later: trees along pseudotime.

As in dynGENIE3 (Huynh-Thu and Geurts, Scientific Reports 2018) what is predicted is production,
change plus decay; cells take the place of samples at known times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.network.blocks import Matrix, Standardised, Values
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.regulators import places_of
from scdyn_core.reporter import Reporter, SilentReporter, raise_if_cancelled


@dataclass(frozen=True)
class LagSettings:
    """How cells become a course of time, and what predicts it.

    Attributes
    ----------
    window
        Cells next to each other in pseudotime that are averaged.
    lag
        Windows between the regulators and what they made.
    decay
        Weight of a gene's level beside its change, both in standard deviations: 0 predicts the
        change alone; a large one the level, as trees without pseudotime do.
    trees, leaf
        Extra trees for each target, and the fewest windows of a leaf.
    seed
        Draws everything in the trees.
    """

    window: int = 5
    lag: int = 3
    decay: float = 0.5
    trees: int = 100
    leaf: int = 5
    seed: int = 0


def lagged_regression(
    values: Values,
    genes: Sequence[str],
    pseudotime: Matrix,
    sources: Sequence[str] | None = None,
    *,
    settings: LagSettings | None = None,
    reporter: Reporter | None = None,
) -> NetworkEstimate:
    """Return how much of every target's later production the splits on every source explain.

    Cells are sorted along each lineage and averaged in windows; from the level of all other
    sources in a window, extra trees predict the target's change until ``lag`` windows later, plus
    ``decay`` times its level. The sign is that of the correlation between source and production.

    Parameters
    ----------
    values
        Log-normalised expression, sparse or dense, shape ``(n, G)``.
    genes
        Names of the genes.
    pseudotime
        Shape ``(n,)``, or ``(n, lineages)``; NaN where a cell is not of the lineage. Only the
        order counts.
    sources
        Genes that edges may leave; those not measured are left out. All genes if not given.
    settings
        Windows, lag and trees.
    reporter
        Hears of every target.

    Raises
    ------
    ConfigError
        When no lineage has enough cells, or no source was measured.
    Cancelled
        When the reporter says so.
    """
    settings = settings or LagSettings()
    reporter = reporter or SilentReporter()
    rows = places_of(genes, sources)
    times = pseudotime.reshape(len(pseudotime), -1)
    steps = list(_steps(Standardised.of(values).dense(), times, settings))
    if not steps:
        raise ConfigError(
            "pseudotime of a network",
            found="no lineage that is long enough",
            needed=f"{settings.window * (settings.lag + 2)} cells or more of one lineage",
            fix="Choose smaller windows, a shorter lag, or another pseudotime.",
        )
    level = _scaled(np.concatenate([now for now, _ in steps]))
    change = _scaled(np.concatenate([later - now for now, later in steps]))
    production = _scaled(change + settings.decay * level)
    found: Matrix = np.zeros((len(rows), len(genes)))
    for column in range(len(genes)):
        raise_if_cancelled(reporter)
        reporter.progress("lagged regression", column, len(genes))
        others = np.flatnonzero(rows != column)
        if not production[:, column].any() or not len(others):
            continue
        known = level[:, rows[others]]
        sign = np.sign(known.T @ production[:, column])
        found[others, column] = sign * _importances(known, production[:, column], settings, column)
    reporter.progress("lagged regression", len(genes), len(genes))
    return NetworkEstimate(
        tuple(genes[row] for row in rows),
        tuple(genes),
        found,
        "share of the variance of production",
    )


def _steps(
    expression: Matrix, times: Matrix, settings: LagSettings
) -> Iterator[tuple[Matrix, Matrix]]:
    """Yield windows of a lineage and the windows ``lag`` later, both ``(windows, genes)``."""
    for time in times.T:
        on = np.flatnonzero(np.isfinite(time))
        windows = len(on) // settings.window
        if windows < settings.lag + 2:
            continue
        order = on[np.argsort(time[on], kind="stable")]
        parts = np.array_split(order, windows)
        means = np.stack([expression[part].mean(axis=0) for part in parts])
        yield means[: -settings.lag], means[settings.lag :]


def _scaled(values: Matrix) -> Matrix:
    """Return values of mean 0 and variance 1; constant ones become 0."""
    centred = values - values.mean(axis=0)
    spread = centred.std(axis=0)
    still = spread <= 1e-12
    return np.where(still, 0.0, centred / np.where(still, 1.0, spread))


def _importances(
    known: Matrix, target: NDArray[np.float64], settings: LagSettings, number: int
) -> Matrix:
    """Return the share of the target's variance that splits on every source remove."""
    from sklearn.ensemble import ExtraTreesRegressor

    seed = int(np.random.SeedSequence([settings.seed, number]).generate_state(1)[0])
    fitted = ExtraTreesRegressor(
        settings.trees,
        max_features="sqrt",
        min_samples_leaf=settings.leaf,
        random_state=seed,
        n_jobs=1,
    ).fit(known.astype(np.float32), target)
    removed = [
        tree.tree_.compute_feature_importances(normalize=False) for tree in fitted.estimators_
    ]
    return np.asarray(np.mean(removed, axis=0), dtype=np.float64)
