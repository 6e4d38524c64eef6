"""Log means of genes with planted responses: flat, early, late and falling; levels far apart."""

import numpy as np

TIMES = np.array([0.0, 1.0, 3.0, 6.0, 12.0, 24.0])
SHAPES = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.5, 0.1, 0.0, 0.0],
        [0.0, 0.0, 0.1, 0.4, 0.8, 1.0],
        [0.0, -0.2, -0.5, -0.8, -1.0, -1.0],
    ]
)


def planted(genes=200, noise=0.1, seed=0):
    """Return log means (G, T) and the class of every gene."""
    rng = np.random.default_rng(seed)
    label = rng.integers(len(SHAPES), size=genes)
    size, level = rng.uniform(1.0, 2.0, (genes, 1)), rng.normal(0, 3, (genes, 1))
    return level + size * SHAPES[label] + rng.normal(0, noise, (genes, len(TIMES))), label
