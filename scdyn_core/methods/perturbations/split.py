"""The split of a screen: cells in proportion within every label, some perturbations held out."""

from __future__ import annotations

import numpy as np

from scdyn_core.data.split import Split
from scdyn_core.methods.perturbations.labels import Labelled

#: Screens have few cells of each perturbation: most are needed to learn from.
VALIDATION, TEST = 0.1, 0.2


def screen_split(screen: Labelled, seed: int) -> Split:
    """Divide the cells that take part.

    Of perturbations that are held out half of the cells are for adapting to, the others for
    testing. A combination is held out by its own name: not because one of its targets is.
    """
    drawn = Split.draw(
        len(screen.cells), seed=seed, validation=VALIDATION, test=TEST, strata=screen.label
    )
    held = np.isin(screen.perturbation, sorted(screen.held_out))
    rng = np.random.default_rng(seed)
    rank = rng.permutation(len(held))
    adapts = np.zeros(len(held), dtype=bool)
    for name in sorted(screen.held_out):
        rows = np.flatnonzero(screen.perturbation == name)
        rows = rows[np.argsort(rank[rows])]
        adapts[rows[: len(rows) // 2]] = True
    labels = drawn.labels()
    labels[held] = np.where(adapts[held], "adapt", "test")
    return Split(
        **{
            part: np.flatnonzero(labels == part)
            for part in ("train", "validation", "test", "adapt")
        }
    )
