"""The mixture once more, written out one Gaussian at a time: slow, and sure.

The level of a gene has a very wide normal prior here instead of none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from scdyn_core.methods.responses.mixture.model import Matrix, Mixture

LEVEL_VARIANCE = 1e7


def components(mixture: Mixture) -> Iterator[tuple[float, Matrix, int, float]]:
    """Yield log weight, mean ``o + a s``, class and amplitude of every normal component."""
    shapes, rule = mixture.shapes(), mixture.basis()[1]
    for k, q, j in np.ndindex(len(shapes), len(rule), len(mixture.a)):
        log_weight = float(mixture.w[k, j] + np.log(rule[q]))
        yield log_weight, mixture.o + mixture.a[j] * shapes[k, q], k, float(mixture.a[j])


def joint(mixture: Mixture, y: Matrix, se: Matrix) -> Matrix:
    """Return the log density of one gene's measured times with every component."""
    known = np.isfinite(se)
    covariance = LEVEL_VARIANCE + np.diag(se[known] ** 2 + float(mixture.n) ** 2)
    return np.array([
        log_weight + multivariate_normal.logpdf(y[known], mean[known], covariance)
        for log_weight, mean, _, _ in components(mixture)
    ])  # fmt: skip


def log_likelihood(mixture: Mixture, y: Matrix, se: Matrix) -> float:
    """Return the log likelihood of one gene under a flat prior of its level."""
    flat = 0.5 * np.log(2 * np.pi * LEVEL_VARIANCE)
    return float(logsumexp(joint(mixture, y, se)) + flat)


def true_mean(mixture: Mixture, y: Matrix, se: Matrix) -> tuple[Matrix, Matrix]:
    """Return posterior mean and sd of one gene's true means, by conditioning every component."""
    known = np.isfinite(se)
    log_joint = joint(mixture, y, se)
    weights = np.exp(log_joint - logsumexp(log_joint))
    prior = LEVEL_VARIANCE + float(mixture.n) ** 2 * np.eye(len(y))
    among = prior[np.ix_(known, known)] + np.diag(se[known] ** 2)
    gain = np.linalg.solve(among, prior[known]).T
    variance = np.diag(prior - gain @ prior[known])
    each = np.array([
        mean + gain @ (y[known] - mean[known]) for _, mean, _, _ in components(mixture)
    ])  # fmt: skip
    mean = weights @ each
    return mean, np.sqrt(variance + weights @ (each - mean) ** 2)
