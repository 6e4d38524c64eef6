"""Curves drawn from a mixture of templates whose parameters are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scdyn_core.methods.responses.mixture.model import Matrix, Mixture

TIMES = np.array([0.0, 1.0, 3.0, 6.0, 12.0, 24.0])
#: Flat, an early pulse, a rise and a fall.
SHAPES = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.5, 0.1, 0.0, 0.0],
        [0.0, 0.0, 0.1, 0.4, 0.8, 1.0],
        [0.0, -0.2, -0.5, -0.8, -1.0, -1.0],
    ]
)


def mixture(*, bend: float = 0.2, scatter: float = 0.1) -> Mixture:
    """Return four classes that bend along their slopes, their strength between 1 and 3."""
    slope = np.gradient(SHAPES, axis=1)
    curvature = np.gradient(slope, axis=1)
    f = np.stack([SHAPES, bend * slope, bend**2 * curvature], axis=1)
    f -= f.mean(axis=2, keepdims=True)
    share = np.array([0.3, 0.2, 0.3, 0.2])
    weights = share[:, None] * np.array([0.2, 0.5, 0.3])
    return Mixture(
        o=np.array([0.0, 0.3, -0.2, 0.1, 0.4, -0.1]),
        f=f,
        a=np.array([1.0, 1.8, 3.0]),
        w=np.log(weights),
        n=np.array(scatter),
    )


@dataclass(frozen=True)
class Drawn:
    """Curves ``y`` with errors ``se``, the true means ``mean`` and the class of every gene."""

    y: Matrix
    se: Matrix
    mean: Matrix
    label: np.ndarray


def drawn(source: Mixture, genes: int, seed: int, *, error: float = 0.15) -> Drawn:
    """Draw genes of very different levels, each mean measured with its own error."""
    rng = np.random.default_rng(seed)
    weights = np.exp(source.w)
    number = rng.choice(weights.size, genes, p=weights.ravel() / weights.sum())
    label, strength = np.unravel_index(number, weights.shape)
    rule = source.basis()[1]
    node = rng.choice(len(rule), genes, p=rule)
    response = source.a[strength][:, None] * source.shapes()[label, node]
    level = rng.normal(0, 3, (genes, 1))
    mean = level + source.o + response + rng.normal(0, float(source.n), (genes, len(source.o)))
    se = error * rng.uniform(0.5, 1.5, mean.shape)
    return Drawn(mean + se * rng.normal(size=mean.shape), se, mean, label)
