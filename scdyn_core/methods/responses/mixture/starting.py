"""Where expectation maximisation starts from: groups of curves that look alike once scaled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sklearn.cluster import KMeans

from scdyn_core.methods.responses.mixture.fitting import maximise
from scdyn_core.methods.responses.mixture.model import Matrix, Mixture
from scdyn_core.methods.responses.scaling import shrunken
from scdyn_core.reporter import Reporter, raise_if_cancelled

#: Starts and steps of each; how many of the best go on, for how long; and the last one's steps.
STARTS, SHORT, FINALISTS, MIDDLE, LONG = 10, 20, 3, 25, 150
_SMALLEST = 0.15
_FINEST = 10
#: Spread of log time between genes of a class to begin with.
_FIRST_BEND = 0.15


def fit_mixture(
    y: Matrix,
    se: Matrix,
    times: Matrix,
    o: Matrix,
    n: float,
    k: int,
    seed: int,
    reporter: Reporter,
    *,
    shared: bool = True,
    starts: int = STARTS,
    finalists: int = FINALISTS,
) -> tuple[Mixture, float]:
    """Return the best of several mixtures of ``k`` classes and its log likelihood.

    Parameters
    ----------
    y, se
        log2 expression and its standard errors, shape ``(G, T)``.
    times
        Sampling times, shape ``(T,)``.
    o
        First guesses of the offset, tried in turn, shape ``(T,)`` or ``(S, T)``.
    n
        First guess of the common scatter, log2.
    shared
        Whether the offset is learned from there on.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    rng = np.random.default_rng(seed)
    guesses = np.atleast_2d(o)
    candidates = []
    for number in range(starts):
        raise_if_cancelled(reporter)
        guess = guesses[number % len(guesses)]
        first = _start(y, se, guess, n, k, int(rng.integers(2**31)))
        candidates.append(maximise(first, y, se, SHORT, noisy=False, shared=shared))
    candidates.sort(key=lambda candidate: -candidate[1])
    bent = []
    for mixture, _ in candidates[:finalists]:
        raise_if_cancelled(reporter)
        bent.append(maximise(_bending(mixture, times), y, se, MIDDLE, noisy=True, shared=shared))
    best = max(bent, key=lambda candidate: candidate[1])[0]
    return maximise(best, y, se, LONG, noisy=True, shared=shared)


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
    a = amplitudes(y - o)
    uniform = np.full((k, len(a)), -np.log(k * len(a)))
    return Mixture(o, f[:, None], a, uniform, np.array(n))


def _bending(mixture: Mixture, times: Matrix) -> Mixture:
    """Let genes be earlier or later: to first order a template plus its slope over log time."""
    clock = np.log(times - times[0] + np.diff(times).min() / 2)
    slope = np.gradient(mixture.f[:, 0], clock, axis=1)
    f = np.stack([mixture.f[:, 0], _FIRST_BEND * slope, np.zeros_like(slope)], axis=1)
    f[0] = 0.0
    return replace(mixture, f=f)
