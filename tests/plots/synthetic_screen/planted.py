"""What is planted: which perturbation shifts which program, and the cells that come of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

CONTROL, NULL = "non-targeting", "non-targeting (null)"
REPLICATES = 5
CELLS, CONTROLS = 60, 180
#: Perturbations that share one program, the field's example of a pathway; the last acts by itself.
PATHWAY = 4
#: The chosen sparsity and the path around it, nats a cell.
PATH, CHOSEN = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0), 0.2


def shifts_of(
    rng: np.random.Generator, singles: int, pairs: list[tuple[int, int]], latents: int
) -> Values:
    """Planted shifts: a pathway shares latent 1, the last quarter of the singles does nothing."""
    shifts = np.zeros((2 + singles + len(pairs), latents))
    for single in range(singles):
        if single < PATHWAY:
            shifts[2 + single, 0] = -2.6 + 0.2 * rng.normal()
        elif single < singles - max(1, singles // 4) or single == singles - 1:
            own = rng.choice(latents, min(latents, 1 + single % 2), replace=False)
            shifts[2 + single, own] = rng.choice([-1, 1], len(own)) * rng.uniform(1.2, 3, len(own))
    for row, (a, b) in enumerate(pairs):
        shifts[2 + singles + row] = shifts[2 + a] + shifts[2 + b]
    return shifts[:, np.argsort(-(shifts != 0).sum(axis=0), kind="stable")]


def loadings_of(rng: np.random.Generator, latents: int, genes: int) -> Values:
    """Log change of every gene for one sd of a latent; a fifth of the genes each."""
    loadings = rng.normal(0, 0.02, (latents, genes))
    for latent in range(latents):
        own = rng.choice(genes, max(3, genes // 5), replace=False)
        loadings[latent, own] = rng.choice([-1, 1], len(own)) * rng.uniform(0.1, 0.35, len(own))
    return loadings


def expression_of(
    rng: np.random.Generator, z: Values, loadings: Values, label: Values, names: list[str],
    genes: Values,
) -> tuple[Values, Values]:  # fmt: skip
    rate = rng.normal(1.2, 0.8, len(genes)) + z @ loadings
    for row, name in enumerate(names):
        for target in name.split("+"):
            rate[np.ix_(label == row, genes == target)] -= 1.4
    depth = rng.lognormal(0, 0.2, (len(z), 1))
    counts = rng.poisson(np.exp(rate) * depth)
    total = counts.sum(axis=1, keepdims=True)
    return np.log1p(counts / total * np.median(total)), total[:, 0]
