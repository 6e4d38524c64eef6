"""Changes drawn towards a centre by as much as they are noise.

Per gene, true changes are taken to be normal over perturbations around a given centre, observed
ones normal around the true ones with the variance of a mean over cells. The posterior mean is what
an empirical-Bayes estimator says of a change (James and Stein 1961; Efron and Morris, Journal of
the American Statistical Association 68 (1973) 117).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scdyn_core.evaluation.perturbation.cells import Values
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
    control = screen.cell_variance / screen.learned.count(screen.control)
    real = [row for row, name in enumerate(screen.known.names) if screen.design[name]]
    noise = screen.cell_variance / screen.known.cells[real, None] + control
    excess = np.square(screen.known.values[real] - centre) - noise
    variance = np.maximum(excess.mean(axis=0), 0.0)
    for _ in range(_ROUNDS):
        weight = 1.0 / np.square(np.maximum(variance + noise, _LEAST))
        variance = np.maximum((weight * excess).sum(axis=0) / weight.sum(axis=0), 0.0)
    return Prior(centre, variance, screen.cell_variance, control)
