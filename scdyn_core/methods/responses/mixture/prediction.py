"""What the mixture says of a gene's mean at every time, measured there or not."""

from __future__ import annotations

import numpy as np

from scdyn_core.methods.responses.mixture.model import (
    Matrix,
    Measured,
    Mixture,
    Posterior,
    posterior,
)


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
    mean, square = _about_level(mixture, measured, found)
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


def _about_level(mixture: Mixture, measured: Measured, found: Posterior) -> tuple[Matrix, Matrix]:
    """Return expectation of ``a (s - its mean over the gene's times)`` and of its square."""
    s = mixture.shapes().reshape(-1, len(mixture.o))
    genes = len(found.once)
    once, twice = found.once.reshape(genes, -1), found.twice.reshape(genes, -1)
    own = (measured.P @ s.T) / measured.total[:, None]
    mean = once @ s - (once * own).sum(axis=1, keepdims=True)
    square = twice @ s**2 - 2 * (twice * own) @ s + (twice * own**2).sum(axis=1, keepdims=True)
    return mean, square
