"""Where expectation maximisation starts from: groups of curves that look alike once scaled."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

from scdyn_core.methods.responses.mixture.fitting import maximise
from scdyn_core.methods.responses.mixture.model import Matrix, Mixture
from scdyn_core.methods.responses.scaling import shrunken
from scdyn_core.reporter import Reporter, raise_if_cancelled

#: Starts, steps of each, how many of the best go on, and for how long.
STARTS, SHORT, FINALISTS, LONG = 10, 20, 3, 120
_SMALLEST = 0.15
_FINEST = 10


def fit_mixture(
    y: Matrix,
    se: Matrix,
    times: Matrix,
    o: Matrix,
    n: float,
    k: int,
    seed: int,
    reporter: Reporter,
    starts: int = STARTS,
) -> tuple[Mixture, float]:
    """Return the best of several mixtures of ``k`` classes and its log likelihood.

    Parameters
    ----------
    y, se
        log2 expression and its standard errors, shape ``(G, T)``.
    times
        Sampling times, shape ``(T,)``.
    o
        First guess of the offset, shape ``(T,)``.
    n
        First guess of the common scatter, log2.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    rng = np.random.default_rng(seed)
    candidates = []
    for _ in range(starts):
        raise_if_cancelled(reporter)
        first = _start(y, se, o, n, k, int(rng.integers(2**31)))
        candidates.append(maximise(first, y, se, SHORT, varying=False, noisy=False))
    candidates.sort(key=lambda candidate: -candidate[1])
    finished = []
    for mixture, _ in candidates[:FINALISTS]:
        raise_if_cancelled(reporter)
        varied = _with_variation(mixture, times)
        finished.append(maximise(varied, y, se, LONG, varying=True, noisy=True))
    return max(finished, key=lambda candidate: candidate[1])


def amplitudes(y: Matrix) -> Matrix:
    """Return the grid of amplitudes, up to the largest change of (nearly) any gene."""
    largest = max(float(np.quantile(np.ptp(y, axis=1), 0.995)), 4.0)
    steps = int(np.ceil(np.log(largest / _SMALLEST) * 3.1))
    return np.geomspace(_SMALLEST, largest, max(steps, _FINEST))


def _start(y: Matrix, se: Matrix, o: Matrix, n: float, k: int, seed: int) -> Mixture:
    """Make templates of the groups that k-means finds; the weakest of them does not respond."""
    scaled = shrunken(y - o, se)
    groups = KMeans(k, n_init=1, random_state=seed).fit(scaled)
    centred = y - o - (y - o).mean(axis=1, keepdims=True)
    means = np.stack([centred[groups.labels_ == j].mean(axis=0) for j in range(k)])
    flat = int(np.linalg.norm(groups.cluster_centers_, axis=1).argmin())
    means[[0, flat]] = means[[flat, 0]]
    f = means / np.maximum(np.ptp(means, axis=1, keepdims=True), 1e-9)
    f[0] = 0.0
    a = amplitudes(y)
    uniform = np.full((k, len(a)), -np.log(k * len(a)))
    return Mixture(o, f, np.zeros_like(f), a, uniform, np.array(n))


def _with_variation(mixture: Mixture, times: Matrix) -> Mixture:
    """Let genes be earlier or later: to first order a template plus its slope over log time."""
    clock = np.log(times - times[0] + np.diff(times).min() / 2)
    slope = np.gradient(mixture.f, clock, axis=1)
    g = 0.15 * slope
    g[0] = 0.0
    return Mixture(mixture.o, mixture.f, g, mixture.a, mixture.w, mixture.n)
