"""Expectation maximisation of the template mixture; symbols as in ``model``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scdyn_core.methods.responses.mixture.amplitudes import class_weights
from scdyn_core.methods.responses.mixture.model import Matrix, Measured, Mixture
from scdyn_core.methods.responses.mixture.posterior import (
    Posterior,
    about_level,
    expected_response,
    posterior,
)

#: Pull to zero of templates and of how they bend, in units of one well measured gene.
RIDGE, BENDING_RIDGE = 1.0, 10.0
#: Genes that every class is given beforehand, spread over its amplitudes.
PRIOR_GENES = 1.0
#: Relative gain of the likelihood below which nothing more is to be had.
TOLERANCE = 1e-6
_NOT_A_LEVEL = 1e-3
_LEAST_NOISE = 0.02


def maximise(
    mixture: Mixture, y: Matrix, se: Matrix, steps: int, *, noisy: bool, shared: bool
) -> tuple[Mixture, float]:
    """Take EM steps; return the mixture and the log likelihood of all genes.

    Parameters
    ----------
    y, se
        log2 expression and its standard errors, shape ``(G, T)``.
    steps
        At most so many steps.
    noisy
        Whether the common scatter is learned.
    shared
        Whether the offset that all genes share is learned.
    """
    before = -np.inf
    for _ in range(steps):
        measured = Measured.of(y, se, float(mixture.n))
        found = posterior(mixture, measured)
        likelihood = float(found.log_likelihood.sum())
        if likelihood - before < TOLERANCE * abs(likelihood):
            return mixture, likelihood
        before = likelihood
        members = found.weights + PRIOR_GENES / len(mixture.a)
        mixture = replace(
            mixture, f=_templates(mixture, measured, found), w=class_weights(members, mixture.a)
        )
        if shared:
            mixture = replace(mixture, o=_offset(mixture, measured, found))
        if noisy:
            mixture = replace(mixture, n=np.array(_scatter(mixture, measured, found)))
    measured = Measured.of(y, se, float(mixture.n))
    return mixture, float(posterior(mixture, measured).log_likelihood.sum())


def _templates(mixture: Mixture, measured: Measured, found: Posterior) -> Matrix:
    """Return the templates that fit best: a weighted least squares problem per class."""
    f = mixture.f.copy()
    basis, _ = mixture.basis()
    terms, times = f.shape[1:]
    held = measured.against(measured.y - mixture.o)
    # A constant added to a template changes nothing that is measured: it is kept at zero.
    level = np.full((times, times), _NOT_A_LEVEL)
    pull = [level + (BENDING_RIDGE if b else RIDGE) * np.eye(times) for b in range(terms)]
    for k in range(1, len(f)):
        left = np.zeros((terms, times, terms, times))
        right = np.stack([(found.once[:, k] @ basis[b]) @ held for b in range(terms)])
        for b in range(terms):
            for c in range(b, terms):
                block = measured.summed(found.twice[:, k] @ (basis[b] * basis[c]))
                left[b, :, c] = left[c, :, b] = block
            left[b, :, b] += pull[b]
        size = terms * times
        solved = np.linalg.solve(left.reshape(size, size), right.ravel()).reshape(terms, times)
        f[k] = solved - solved.mean(axis=1, keepdims=True)
    return f


def _offset(mixture: Mixture, measured: Measured, found: Posterior) -> Matrix:
    """Return what all genes share at each time once their responses are taken off."""
    rest = measured.against(measured.y - expected_response(mixture, found)).sum(axis=0)
    together = measured.summed(np.ones(len(measured.y)))
    # The common level is not measured: the shortest solution, then zero at the first time.
    o = np.linalg.lstsq(together, rest, rcond=1e-9)[0]
    return np.asarray(o - o[0])


def _scatter(mixture: Mixture, measured: Measured, found: Posterior) -> float:
    """Return the common scatter: its share of the squared residuals (one EM step)."""
    mean, square = about_level(mixture, measured, found)
    difference = measured.y - mixture.o
    e = difference - measured.level(difference)[:, None]
    residual = e**2 - 2 * e * mean + square + 1.0 / measured.total[:, None]
    variance = float(mixture.n) ** 2
    share = variance * measured.P
    explained = share**2 * residual + variance * (1.0 - share)
    return float(max(np.sqrt(explained[measured.P > 0].mean()), _LEAST_NOISE))
