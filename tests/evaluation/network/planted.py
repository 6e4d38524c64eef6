"""Expression from a small network that is known, with and without perturbations."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from scdyn_core.evaluation.screen.screen import Screen

GENES = tuple(f"g{number:02d}" for number in range(12))
NODES = GENES[:6]
#: source, target, effect on the log rate of the target per unit of the source's.
EDGES = (
    ("g00", "g01", 0.9), ("g00", "g06", -0.8), ("g01", "g02", 0.8), ("g02", "g07", 1.0),
    ("g03", "g08", 0.9), ("g03", "g09", -0.9), ("g04", "g10", 1.0), ("g05", "g11", -1.0),
)  # fmt: skip
TARGETS = {name: (name,) for name in NODES}
DOSE = -1.5


def direct() -> np.ndarray:
    """Return the effects, ``(sources, targets)`` over all genes."""
    place = {name: number for number, name in enumerate(GENES)}
    effect = np.zeros((len(GENES), len(GENES)))
    for source, target, value in EDGES:
        effect[place[source], place[target]] = value
    return effect


def total() -> np.ndarray:
    """Return the effects along all paths."""
    return np.linalg.inv(np.eye(len(GENES)) - direct()) - np.eye(len(GENES))


def cells(n: int = 600, seed: int = 0, spread: float = 0.7) -> sparse.csr_matrix:
    """Return log-normalised expression of cells that vary on their own, ``(n, 12)``."""
    rng = np.random.default_rng(seed)
    own = rng.normal(0.0, spread, (n, len(GENES)))
    return _counted(own @ np.linalg.inv(np.eye(len(GENES)) - direct()), rng)


def screen(cells_each: int = 60, controls: int = 300, seed: int = 0, dose: float = DOSE) -> Screen:
    """Return cells in which one node each was knocked down, and control cells."""
    rng = np.random.default_rng(seed)
    labels = np.array([*np.repeat(NODES, cells_each), *["NT"] * controls], dtype=object)
    push = np.zeros((len(labels), len(GENES)))
    for column, name in enumerate(GENES):
        push[labels == name, column] = dose
    noise = rng.normal(0.0, 0.3, push.shape)
    change = (push + noise) @ np.linalg.inv(np.eye(len(GENES)) - direct())
    return Screen(_counted(change, rng), labels, "NT", GENES)


def _counted(change: np.ndarray, rng: np.random.Generator) -> sparse.csr_matrix:
    counts = rng.poisson(np.exp(np.clip(2.5 + change, -5.0, 6.0)))
    return sparse.csr_matrix(np.log1p(counts.astype(float)))
