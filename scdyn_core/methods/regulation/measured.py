r"""Log changes of every gene under every label, with the error they were measured with.

A change is the difference of log mean normalised counts to the control cells, less its median over
genes: counts are shares, and what takes more leaves less for all. The variance of a normalised
count is taken to be ``a m + φ_g m²``, with the mean inverse size factor ``a`` and one
overdispersion a gene, so that few cells do not have to tell their own. What errors of genes have in
common, because cells differ in state, is in ``noise``.

Shapes: K labels, G genes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.methods.regulation.noise import SharedNoise
from scdyn_core.preprocess.size_factors import Counts, median_total, size_normalise

Matrix = NDArray[np.float64]
Members = tuple[NDArray[np.int64], ...]
#: Overdispersion below which a gene is Poisson.
LEAST_DISPERSION = 1e-2
#: Normalised count that a mean is not taken to be below in a variance.
LEAST_MEAN = 1e-2


@dataclass(frozen=True)
class MeasuredChanges:
    """Changes against the control cells.

    Attributes
    ----------
    members
        Nodes held under every label, length ``K``.
    genes
        Names of the genes.
    values, error
        Log change, natural logarithm, and the standard error that it owes to its own cells,
        shape ``(K, G)``.
    control_error
        Standard error that all changes of a gene owe to the control cells, shape ``(G,)``.
    noise
        What the errors of genes have in common.
    """

    members: Members
    genes: tuple[str, ...]
    values: Matrix
    error: Matrix
    control_error: Matrix
    noise: SharedNoise


def measured_changes(
    counts: Counts,
    group: NDArray[np.int64],
    members: Sequence[NDArray[np.int64]],
    genes: Sequence[str],
) -> MeasuredChanges:
    """Measure the changes of some groups of cells.

    Parameters
    ----------
    counts
        Raw counts of all cells, shape ``(n, G)``.
    group
        Group of every cell: ``0 … K - 1``, ``-1`` for control cells, below that for none. Without
        control cells all cells stand for them.
    members
        Nodes held in every group.
    """
    kept = np.flatnonzero(group >= -1)
    counts, group = counts[kept], group[kept]
    depth = median_total(counts)
    totals = np.asarray(counts.sum(axis=1)).ravel()
    normalised = size_normalise(counts, depth)
    groups = [np.flatnonzero(group == number) for number in range(-1, len(members))]
    # Cells that are alike; all cells, standing for the control, are not.
    alike = slice(0 if len(groups[0]) else 1, None)
    if not len(groups[0]):
        groups[0] = np.arange(len(group))
    cells = np.array([len(rows) for rows in groups], dtype=np.float64)[:, None]
    means = np.stack([_mean(normalised[rows]) for rows in groups])
    squares = np.stack([_mean(normalised[rows].power(2)) for rows in groups])
    variance = (squares - means**2) * cells / np.maximum(cells - 1, 1)
    poisson = float(np.mean(depth / totals[totals > 0]))
    dispersion = _dispersion(means[alike], variance[alike], cells[alike], poisson)
    unseen = 0.5 / np.maximum(cells[1:], 1)
    change = np.log((means[1:] + unseen) / (means[:1] + unseen))
    relative = (poisson / np.maximum(means, LEAST_MEAN) + dispersion) / np.maximum(cells, 1)
    return MeasuredChanges(
        members=tuple(members),
        genes=tuple(genes),
        values=change - np.median(change, axis=1, keepdims=True),
        error=np.sqrt(relative[1:]),
        control_error=np.sqrt(relative[0]),
        noise=SharedNoise.of(normalised, [rows for rows in groups[alike] if len(rows) > 1]),
    )


def _mean(values: Counts) -> Matrix:
    if not values.shape[0]:
        return np.zeros(values.shape[1])
    return np.asarray(values.mean(axis=0)).ravel()


def _dispersion(means: Matrix, variance: Matrix, cells: Matrix, poisson: float) -> Matrix:
    """Return one overdispersion a gene, by moments over all groups, shape ``(G,)``."""
    weight = np.maximum(cells - 1, 0)
    excess = (weight * (variance - poisson * means)).sum(axis=0)
    square = np.maximum((weight * means**2).sum(axis=0), LEAST_MEAN**2)
    return np.asarray(np.maximum(excess / square, LEAST_DISPERSION))
