"""Changes drawn towards a centre by as much as they are noise.

Per gene, true changes are taken to be normal over perturbations around a given centre, observed
ones normal around the true ones with the variance of a mean over cells. The posterior mean is what
an empirical-Bayes estimator says of a change (James and Stein 1961; Efron and Morris, Journal of
the American Statistical Association 68 (1973) 117).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scdyn_core.evaluation.perturbation.cells import Indices, Values
from scdyn_core.evaluation.perturbation.task import PartedScreen

#: Rounds of weighing perturbations by how well they are known; it settles within a few.
_ROUNDS = 20
#: Variance below which a gene does not vary at all.
_LEAST = 1e-12


@dataclass(frozen=True)
class Prior:
    """What is believed of a change before its cells are seen, gene by gene, each ``(G,)``.

    Attributes
    ----------
    centre, variance
        Of the true changes over perturbations.
    cell_variance
        Of a gene between cells of one perturbation.
    control_noise
        Variance of the mean of the control cells.
    """

    centre: Values
    variance: Values
    cell_variance: Values
    control_noise: Values

    def posterior(self, change: Values, cells: int) -> Values:
        """Return the expected true change, given the mean over some cells, ``(G,)``."""
        total = self.variance + self.cell_variance / cells + self.control_noise
        kept = np.divide(self.variance, total, out=np.zeros_like(total), where=total > 0)
        expected: Values = self.centre + kept * (change - self.centre)
        return expected


def learn_prior(screen: PartedScreen, centre: Values) -> Prior:
    """Estimate the prior around a centre ``(G,)`` from all perturbations that may be looked at.

    Adapted ones are among them: a gene that only they change would be taken to be always still.
    The variance of the prior is found by moments per gene, perturbations weighed by how well they
    are known. That between cells is pooled over perturbations: a handful of cells has none of its
    own to speak of.
    """
    real = [row for row, name in enumerate(screen.known.names) if screen.design[name]]
    changes = screen.known.values[real] - centre
    variance = _variance(changes, screen.known.cells[real], screen)
    return Prior(centre, variance, screen.cell_variance, _control_noise(screen))


def shrunken_residuals(screen: PartedScreen, predicted: Mapping[str, Values]) -> dict[str, Values]:
    """Return what known perturbations show beyond a prediction, as far as it is not noise.

    True residuals are taken to be normal around 0 with the variance ``s_k u_g``: what a
    perturbation leaves over, times how much a gene takes part. So a perturbation without effect
    leaves nothing over, and a strong one keeps nearly all.

    Parameters
    ----------
    predicted
        By perturbation, each ``(G,)``; others are left out.
    """
    known = screen.known
    rows = [row for row, name in enumerate(known.names) if name in predicted]
    if not any(screen.design[known.names[row]] for row in rows):
        return {}
    left = known.values[rows] - np.stack([predicted[known.names[row]] for row in rows])
    noise = screen.cell_variance / known.cells[rows, None] + _control_noise(screen)
    variance = _product_variance(np.square(left) - noise, noise)
    total = variance + noise
    kept = np.divide(variance, total, out=np.zeros_like(total), where=total > 0) * left
    return {known.names[row]: own for row, own in zip(rows, kept, strict=True)}


def _product_variance(excess: Values, noise: Values) -> Values:
    """Return variances ``s_k u_g``, by moments weighed by how well they are known, ``(K, G)``."""
    strength, share = np.ones((len(excess), 1)), np.maximum(excess.mean(axis=0), 0.0)
    for _ in range(_ROUNDS):
        for axis, other in ((0, strength), (1, share)):
            weight = 1.0 / np.square(np.maximum(strength * share + noise, _LEAST))
            fitted = (weight * excess * other).sum(axis=axis)
            scale = np.maximum((weight * np.square(other)).sum(axis=axis), _LEAST)
            found = np.maximum(fitted / scale, 0.0)
            if axis == 0:
                share = found
            else:
                # Only the product means anything.
                mean = max(float(found.mean()), _LEAST)
                strength, share = (found / mean)[:, None], share * mean
    variance: Values = strength * share
    return variance


def _control_noise(screen: PartedScreen) -> Values:
    noise: Values = screen.cell_variance / screen.learned.count(screen.control)
    return noise


def _variance(changes: Values, cells: Indices, screen: PartedScreen) -> Values:
    """Return the variance of true changes around 0, by moments per gene, ``(G,)``."""
    noise = screen.cell_variance / cells[:, None] + _control_noise(screen)
    excess = np.square(changes) - noise
    variance = np.maximum(excess.mean(axis=0), 0.0)
    for _ in range(_ROUNDS):
        weight = 1.0 / np.square(np.maximum(variance + noise, _LEAST))
        variance = np.maximum((weight * excess).sum(axis=0) / weight.sum(axis=0), 0.0)
    found: Values = variance
    return found
