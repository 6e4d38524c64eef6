"""How close a predicted change is to the observed one; every metric knows its direction.

Whether a metric can tell anything on a given data set is another matter: see calibration.

Symbols: G genes; R other perturbations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scdyn_core.evaluation.energy_distance import energy_distance
from scdyn_core.evaluation.perturbation.cells import Values
from scdyn_core.evaluation.perturbation.comparison import Observed, Predicted, direction

#: Genes that changed most; with fewer than twice as many genes nothing is asked of them.
TOP = 20


@dataclass(frozen=True)
class Metric:
    """A metric by the name it has in tables and on the page.

    Attributes
    ----------
    name
        For people.
    better
        Whether more or less of it is better.
    perfect
        Its value where prediction and truth are the same.
    value
        Computes it; NaN where it is not defined.
    """

    name: str
    better: Literal["higher", "lower"]
    perfect: float
    value: Callable[[Observed, Predicted], float]


def pearson_delta(observed: Observed, predicted: Predicted) -> float:
    """Correlation of the changes over genes; 0 for a prediction that is the same everywhere."""
    return _correlation(observed.change, predicted.change)


def pearson_centred(observed: Observed, predicted: Predicted) -> float:
    """Correlation of what is particular to the perturbation: minus the mean of perturbations."""
    return _correlation(observed.centred, predicted.centred)


def mse(observed: Observed, predicted: Predicted) -> float:
    """Mean squared error of the change over genes, in squared natural log units."""
    return float(np.square(predicted.change - observed.change).mean())


def weighted_mse(observed: Observed, predicted: Predicted) -> float:
    """Mean squared error, genes weighed by how sure it is that they changed (z²).

    The weights come from the scored cells: they favour no model in particular. Source: Mejia et
    al., Diversity by Design, arXiv 2506.22641 (2025), there with another function of z.
    """
    weight = np.square(observed.z)
    if not weight.sum() > 0:
        return np.nan
    return float(np.average(np.square(predicted.change - observed.change), weights=weight))


def top_jaccard(observed: Observed, predicted: Predicted) -> float:
    """Overlap of the 20 genes that changed most in cell sds with those predicted to; 0..1."""
    if len(observed.z) < 2 * TOP:
        return np.nan
    scale = np.where(observed.sd > 0, observed.sd, np.inf)
    first, second = _top(observed.z), _top(predicted.change / scale)
    return len(first & second) / len(first | second) if first | second else np.nan


def sign_accuracy(observed: Observed, predicted: Predicted) -> float:
    """Share of the 20 genes that changed most with the right direction; no change is a half."""
    genes = sorted(_top(observed.z))
    if len(observed.z) < 2 * TOP or not genes:
        return np.nan
    agreement = np.sign(observed.change[genes]) * np.sign(predicted.change[genes])
    return float((1 + agreement).mean() / 2)


def r2_delta(observed: Observed, predicted: Predicted) -> float:
    """Share of the variance of the change over genes that is explained; can be negative."""
    varied = np.square(observed.change - observed.change.mean()).sum()
    error = np.square(observed.change - predicted.change).sum()
    return float(1 - error / varied) if varied > 0 else np.nan


def cell_distance(observed: Observed, predicted: Predicted) -> float:
    """Energy distance of predicted and observed cells in 15 principal components, unbiased.

    About 0 for cells of one distribution; then it may be below 0.
    """
    if min(len(observed.cells), len(predicted.cells)) < 2:
        return np.nan
    return energy_distance(predicted.cells, observed.cells)


def rank(observed: Observed, predicted: Predicted) -> float:
    """Share of the other perturbations that are farther from the prediction than its own.

    By Euclidean distance of the changes; 1 is best, a half is chance, ties count a half. Noisy
    responses lie far from everything. Source: Wu et al., PerturBench, arXiv 2408.10609 (2024).
    """
    others = observed.others.change
    distance = np.square(others).sum(axis=1) - 2 * others @ predicted.change
    own = np.square(observed.change).sum() - 2 * observed.change @ predicted.change
    return _share_beaten(-distance, -float(own))


def rank_centred(observed: Observed, predicted: Predicted) -> float:
    """Rank by the correlation of what is particular, so that strong responses do not dominate."""
    others = observed.others.direction @ direction(predicted.centred)
    return _share_beaten(others, _correlation(observed.centred, predicted.centred))


METRICS: tuple[Metric, ...] = (
    Metric("weighted MSE", "lower", 0.0, weighted_mse),
    Metric("E-distance", "lower", 0.0, cell_distance),
    Metric("rank", "higher", 1.0, rank),
    Metric("rank, centred", "higher", 1.0, rank_centred),
    Metric("MSE", "lower", 0.0, mse),
    Metric("Pearson delta", "higher", 1.0, pearson_delta),
    Metric("Pearson delta, centred", "higher", 1.0, pearson_centred),
    Metric("R2 of delta", "higher", 1.0, r2_delta),
    Metric("sign accuracy", "higher", 1.0, sign_accuracy),
    Metric("top 20 Jaccard", "higher", 1.0, top_jaccard),
)


def _correlation(first: Values, second: Values) -> float:
    """Return Pearson's correlation; 0 where one side is the same everywhere, up to rounding."""
    return float(direction(first) @ direction(second))


def _top(size: Values) -> set[int]:
    """Return the 20 genes of largest absolute value, those that are 0 never among them."""
    order = np.argsort(-np.abs(size), kind="stable")[:TOP]
    return {int(gene) for gene in order if size[gene] != 0}


def _share_beaten(closeness: Values, own: float) -> float:
    """Return the share of others that are less close than its own; NaN without others."""
    if not len(closeness):
        return np.nan
    # Relative to rounding: equal distances must tie.
    gap = own - closeness
    tie = np.abs(gap) <= 1e-9 * max(abs(own), float(np.abs(closeness).max()))
    return float(np.where(tie, 0.5, gap > 0).mean())
