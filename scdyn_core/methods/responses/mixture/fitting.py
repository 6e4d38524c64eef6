"""Expectation maximisation of the template mixture; symbols as in ``model``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scdyn_core.methods.responses.mixture.model import (
    Matrix,
    Measured,
    Mixture,
    Posterior,
    posterior,
)

#: Pull of templates and variations to zero, in units of one well measured gene.
RIDGE, VARIATION_RIDGE = 1.0, 10.0
#: Genes that every class is given beforehand, spread over its amplitudes.
PRIOR_GENES = 1.0
#: Relative gain of the likelihood below which nothing more is to be had.
TOLERANCE = 1e-6
_NOT_A_LEVEL = 1e-3
_LEAST_NOISE = 0.02


def maximise(
    mixture: Mixture, y: Matrix, se: Matrix, steps: int, *, varying: bool, noisy: bool
) -> tuple[Mixture, float]:
    """Take EM steps; return the mixture and the log likelihood of all genes.

    Parameters
    ----------
    y, se
        log2 expression and its standard errors, shape ``(G, T)``.
    steps
        At most so many steps.
    varying
        Whether genes of a class may be earlier or later than its template.
    noisy
        Whether the common scatter is learned, too.
    """
    before = -np.inf
    for _ in range(steps):
        measured = Measured.of(y, se, float(mixture.n))
        found = posterior(mixture, measured)
        likelihood = float(found.log_likelihood.sum())
        if likelihood - before < TOLERANCE * abs(likelihood):
            return mixture, likelihood
        before = likelihood
        mixture = _updated(mixture, measured, found, varying)
        if noisy:
            mixture = replace(mixture, n=np.array(_scatter(mixture, measured, se, found)))
    measured = Measured.of(y, se, float(mixture.n))
    return mixture, float(posterior(mixture, measured).log_likelihood.sum())


def _updated(mixture: Mixture, measured: Measured, found: Posterior, varying: bool) -> Mixture:
    """Return templates, offset and weights that fit best given who is in which class."""
    f, g = mixture.f.copy(), mixture.g.copy()
    held = measured.against(measured.y - mixture.o)
    for k in range(1, len(f)):
        f[k], g[k] = _template(mixture, measured, found, held, k, varying)
    members = found.R.sum(axis=0) + PRIOR_GENES / len(mixture.a)
    w = np.log(members / members.sum())
    moved = replace(mixture, f=f, g=g, w=w)
    return replace(moved, o=_offset(moved, measured, found))


def _template(
    mixture: Mixture, measured: Measured, found: Posterior, held: Matrix, k: int, varying: bool
) -> tuple[Matrix, Matrix]:
    """Solve the weighted least squares problem of one class for ``f`` and ``g`` together."""
    times = len(mixture.o)
    once, twice = found.R[:, k] * mixture.a, found.R[:, k] * mixture.a**2
    u, uu = found.u[:, k], found.uu[:, k]
    # A constant added to a template changes nothing that is measured: it is kept at zero.
    level = np.full((times, times), _NOT_A_LEVEL)
    ff = measured.summed(twice.sum(axis=1)) + level + RIDGE * np.eye(times)
    yf = once.sum(axis=1) @ held
    if not varying:
        f = np.linalg.solve(ff, yf)
        return f - f.mean(), np.zeros(times)
    fg = measured.summed((twice * u).sum(axis=1))
    gg = measured.summed((twice * uu).sum(axis=1)) + level + VARIATION_RIDGE * np.eye(times)
    yg = (once * u).sum(axis=1) @ held
    both = np.linalg.solve(np.block([[ff, fg], [fg.T, gg]]), np.concatenate([yf, yg]))
    f, g = both[:times], both[times:]
    return f - f.mean(), g - g.mean()


def _offset(mixture: Mixture, measured: Measured, found: Posterior) -> Matrix:
    """Return what all genes share at each time once their responses are taken off."""
    rest = measured.against(measured.y - expected_response(mixture, found)).sum(axis=0)
    together = measured.summed(np.ones(len(measured.y)))
    # The common level is not measured: the shortest solution, then zero at the first time.
    o = np.linalg.lstsq(together, rest, rcond=1e-9)[0]
    return np.asarray(o - o[0])


def expected_response(mixture: Mixture, found: Posterior) -> Matrix:
    """Return the expected ``a (f + u g)`` of every gene, shape ``(G, T)``."""
    scaled = found.R * mixture.a
    response: Matrix = scaled.sum(axis=2) @ mixture.f + (scaled * found.u).sum(axis=2) @ mixture.g
    return response


def _scatter(mixture: Mixture, measured: Measured, se: Matrix, found: Posterior) -> float:
    """Return the common scatter: its share of the squared residuals (one EM step)."""
    a, f, g = mixture.a, mixture.f, mixture.g
    response = expected_response(mixture, found)
    difference = measured.y - mixture.o
    level = (measured.P * (difference - response)).sum(axis=1) / measured.total
    e = difference - level[:, None]
    twice = found.R * a**2
    square = twice.sum(axis=2) @ f**2 + 2 * (twice * found.u).sum(axis=2) @ (f * g)
    square += (twice * found.uu).sum(axis=2) @ g**2
    residual = e**2 - 2 * e * response + square + 1.0 / measured.total[:, None]
    known = np.isfinite(se)
    variance = float(mixture.n) ** 2
    share = variance * np.where(known, measured.P, 0.0)
    explained = share**2 * residual + variance * (1.0 - share)
    return float(max(np.sqrt(explained[known].mean()), _LEAST_NOISE))
