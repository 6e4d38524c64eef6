"""Which genes help to predict a gene: importances in ensembles of regression trees.

Random forests and extremely randomised trees as in GENIE3 (Huynh-Thu et al., PLoS ONE 2010),
gradient boosting that stops on the cells left out as in GRNBoost2 (Moerman et al.,
Bioinformatics 2019); trees by scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.network.blocks import Matrix, Standardised, Values
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.regulators import places_of
from scdyn_core.reporter import Reporter, SilentReporter, raise_if_cancelled

Kind = Literal["extra trees", "random forest", "boosting"]
_STEP = 0.05
#: Boosting stops when so many trees together no longer help on cells left out.
_WINDOW = 25


@dataclass(frozen=True)
class TreeSettings:
    """What the trees are, and what they may cost.

    Attributes
    ----------
    kind
        ``extra trees`` are the quickest of about equal accuracy.
    trees
        Trees for each target; the most of them for boosting.
    leaf
        Fewest cells of a leaf.
    most_cells
        Cells drawn where there are more.
    seed
        Draws cells, and everything in the trees.
    """

    kind: Kind = "extra trees"
    trees: int = 100
    leaf: int = 5
    most_cells: int = 2000
    seed: int = 0


def regression_trees(
    values: Values,
    genes: Sequence[str],
    sources: Sequence[str] | None = None,
    *,
    targets: Sequence[str] | None = None,
    settings: TreeSettings | None = None,
    reporter: Reporter | None = None,
) -> NetworkEstimate:
    """Return how much of every target's variance the splits on every source remove.

    Every target is predicted from all sources but itself, all on one scale. Trees know no sign:
    it is that of the correlation between source and target, as in SCENIC. About 0.1 s a target
    with 100 extra trees, 500 sources and 600 cells; the cost is proportional to trees, cells and
    the square root of the sources (to the sources for boosting).

    Parameters
    ----------
    values
        Log-normalised expression, sparse or dense, shape ``(n, G)``.
    genes
        Names of the genes.
    sources, targets
        Genes that edges may leave and enter; those not measured are left out. All if not given.
    settings
        Trees and cells.
    reporter
        Hears of every target, and is told where cells were drawn.

    Raises
    ------
    ConfigError
        When there are fewer than three cells, or no source or target was measured.
    Cancelled
        When the reporter says so.
    """
    settings = settings or TreeSettings()
    reporter = reporter or SilentReporter()
    rows, columns = places_of(genes, sources), places_of(genes, targets)
    data = Standardised.of(_drawn(values, settings, reporter))
    seen = data.dense()
    known = seen[:, rows].astype(np.float32)
    found: Matrix = np.zeros((len(rows), len(columns)))
    for number, column in enumerate(columns):
        raise_if_cancelled(reporter)
        reporter.progress("regression trees", number, len(columns))
        others = np.flatnonzero(rows != column)
        if data.scale[column] > 0 and len(others):
            importance = _importances(known[:, others], seen[:, column], settings, number)
            sign = np.sign(known[:, others].T @ seen[:, column])
            found[others, number] = importance * sign
    reporter.progress("regression trees", len(columns), len(columns))
    return NetworkEstimate(
        tuple(genes[row] for row in rows),
        tuple(genes[column] for column in columns),
        found,
        "share of the variance of the target",
    )


def _drawn(values: Values, settings: TreeSettings, reporter: Reporter) -> Values:
    cells = values.shape[0]
    if cells <= settings.most_cells:
        return values
    reporter.log(f"regression trees: {settings.most_cells} of {cells} cells, drawn at random")
    rng = np.random.default_rng(settings.seed)
    return values[np.sort(rng.choice(cells, settings.most_cells, replace=False))]


def _importances(
    known: NDArray[np.float32], target: Matrix, settings: TreeSettings, number: int
) -> Matrix:
    """Return the share of the target's variance that splits on every source remove."""
    seed = int(np.random.SeedSequence([settings.seed, number]).generate_state(1)[0])
    if settings.kind == "boosting":
        return _boosted(known, target, settings, seed)
    from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

    forest = ExtraTreesRegressor if settings.kind == "extra trees" else RandomForestRegressor
    fitted = forest(
        settings.trees,
        max_features="sqrt",
        min_samples_leaf=settings.leaf,
        random_state=seed,
        n_jobs=1,
    ).fit(known, target)
    return np.asarray(np.mean([_removed(tree) for tree in fitted.estimators_], axis=0))


def _boosted(
    known: NDArray[np.float32], target: Matrix, settings: TreeSettings, seed: int
) -> Matrix:
    from sklearn.ensemble import GradientBoostingRegressor

    fitted = GradientBoostingRegressor(
        n_estimators=settings.trees,
        learning_rate=_STEP,
        max_depth=3,
        max_features=0.1,
        min_samples_leaf=settings.leaf,
        subsample=0.9,
        random_state=seed,
    ).fit(known, target, monitor=_stops_helping)
    trees = fitted.estimators_[: fitted.n_estimators_, 0]
    # A step of this length along a tree's prediction removes so much of what the tree would.
    removed = np.sum([_removed(tree) for tree in trees], axis=0)
    return np.asarray(removed * _STEP * (2.0 - _STEP))


def _stops_helping(done: int, fitted: Any, _: Any) -> bool:
    recent = fitted.oob_improvement_[max(0, done + 1 - _WINDOW) : done + 1]
    return done + 1 >= _WINDOW and float(np.mean(recent)) < 0


def _removed(tree: Any) -> Matrix:
    importance: Matrix = tree.tree_.compute_feature_importances(normalize=False)
    return importance
