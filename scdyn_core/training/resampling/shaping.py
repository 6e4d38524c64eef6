"""How far weights may go: their power, their largest, their smallest, and what they leave over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.training.resampling.options import SamplingOptions

Weights = NDArray[np.float64]


def effective_share(weights: Weights) -> float:
    """Return the effective sample size as a share of the samples: ``1 / (N sum w^2)``.

    1 when all weights are equal; with few samples carrying all weight, their share.
    """
    shares = weights / weights.sum()
    return float(1 / (len(shares) * (shares**2).sum()))


def shaped(weights: Weights, options: SamplingOptions) -> Weights:
    """Return weights within the bounds of the options, shape ``(N,)``, sum 1.

    In this order: the power ``strength``; no weight above ``most``, what is cut off going to the
    others in proportion; a mixture with uniform so that none falls below ``floor``; and one so
    that the effective sample size does not fall below ``effective``.
    """
    tempered = weights**options.strength
    result = clipped(tempered / tempered.sum(), options.most)
    result = options.floor / len(result) + (1 - options.floor) * result
    return _with_effective(result, options.effective)


def clipped(weights: Weights, most: float) -> Weights:
    """Return weights of sum 1 with none above ``most`` times the uniform one.

    The others are scaled up until the sum is 1 again, which may bring more to the bound: as many
    are held there as must be, the largest first.
    """
    n = len(weights)
    bound = most / n
    if weights.max() <= bound:
        return weights
    order = np.argsort(-weights, kind="stable")
    ranked = weights[order]
    left = 1 - bound * np.arange(n)
    # Sums from the small end: the rest can be far smaller than what is held at the bound.
    rest = np.cumsum(ranked[::-1])[::-1]
    fits = (ranked * left <= bound * rest) & (left >= 0)
    held = int(np.argmax(fits)) if fits.any() else n
    result = np.full(n, bound)
    others = order[held:]
    if len(others) and rest[held] > 0:
        result[others] = weights[others] * (left[held] / rest[held])
    elif len(others):
        result[others] = left[held] / len(others)
    result /= result.sum()
    return result


def _with_effective(weights: Weights, least: float) -> Weights:
    """Return the mixture of weights and uniform, as little of it as reaches the effective size.

    The spread ``N sum w^2 - 1`` falls with the square of the share that the weights keep.
    """
    spread = len(weights) * float((weights**2).sum()) - 1
    if least <= 0 or 1 + spread <= 1 / least:
        return weights
    kept = np.sqrt((1 / least - 1) / spread)
    mixed: Weights = (1 - kept) / len(weights) + kept * weights
    return mixed
