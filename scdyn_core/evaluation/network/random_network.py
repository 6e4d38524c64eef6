"""A network drawn at random: what every other one must beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scdyn_core.evaluation.network.estimate import NetworkEstimate


def random_network(sources: Sequence[str], targets: Sequence[str], *, seed: int) -> NetworkEstimate:
    """Return strengths drawn evenly from -1 to 1."""
    drawn = np.random.default_rng(seed).uniform(-1.0, 1.0, (len(sources), len(targets)))
    return NetworkEstimate(tuple(sources), tuple(targets), drawn, "random")
