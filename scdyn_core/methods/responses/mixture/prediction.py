"""What the mixture says of a gene's mean at every time, measured there or not."""

from __future__ import annotations

import numpy as np

from scdyn_core.methods.responses.mixture.model import Matrix, Measured, Mixture
from scdyn_core.methods.responses.mixture.posterior import about_level, posterior


def predicted(mixture: Mixture, y: Matrix, se: Matrix) -> tuple[Matrix, Matrix]:
    """Return mean and standard deviation of every gene's true mean, each ``(G, T)``.

    Parameters
    ----------
    y, se
        log2 expression and its standard errors, shape ``(G, T)``; an infinite error hides a time.

    Returns
    -------
    Means with the offset in them, and standard deviations: of class, amplitude, bend and level
    together with the scatter common to all genes, where that scatter is not measured.
    """
    measured = Measured.of(y, se, float(mixture.n))
    found = posterior(mixture, measured)
    mean, square = about_level(mixture, measured, found)
    level = measured.level(measured.y - mixture.o)[:, None]
    variance = np.maximum(square - mean**2, 0.0) + 1.0 / measured.total[:, None]
    model = mixture.o + level + mean
    # The scatter of this gene at this time is seen where it was measured, as far as the error of
    # the measurement lets see it.
    n2 = float(mixture.n) ** 2
    share = n2 * measured.P
    residual = np.where(measured.P > 0, measured.y - model, 0.0)
    seen = model + share * residual
    return seen, np.sqrt((1.0 - share) ** 2 * variance + n2 * (1.0 - share))
