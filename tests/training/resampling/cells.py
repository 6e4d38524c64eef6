"""Cells in known places, and how the weights of a group compare with uniform ones."""

from __future__ import annotations

import numpy as np


def jointly_rare(seed: int, common: int = 9900, rare: int = 100, dimensions: int = 64):
    """Standard normal cells, and rare ones at +-1 along every axis: within all marginals."""
    rng = np.random.default_rng(seed)
    place = rng.choice([-1.0, 1.0], dimensions)
    crowd = rng.normal(size=(common, dimensions))
    tight = place + 0.1 * rng.normal(size=(rare, dimensions))
    return np.vstack([crowd, tight]), np.arange(common + rare) >= common


def several_types(seed: int, sizes=(2000, 1500, 500, 100, 40, 20), dimensions: int = 20):
    """Types of very different size and spread, which overlap a little."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(len(sizes), dimensions)) * 1.5
    label = np.repeat(np.arange(len(sizes)), sizes)
    spread = rng.uniform(0.6, 1.0, len(sizes))[label, None]
    return centres[label] + spread * rng.normal(size=(len(label), dimensions)), label


def gain(weights, group) -> float:
    """Return the mass of a group, in times its share of the cells."""
    return float(weights[group].sum() / group.mean())
