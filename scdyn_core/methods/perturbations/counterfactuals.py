"""What a cell might look like had it passed quality control, or had it failed.

Symbols: n cells; G genes; Q profiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.perturbation.cells import dense

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Profiles of one group of cells, and cells that each is the median of, at most.
PROFILES, DRAWS = 20, 50


@dataclass(frozen=True)
class Counterfactuals:
    """What every cell might look like with the other outcome of quality control.

    Attributes
    ----------
    profiles
        Element-wise medians of cells, float32 of shape ``(Q, G)``.
    row
        Profile of every cell, ``-1`` where no cell of its label and part has the other outcome,
        shape ``(n,)``.
    """

    profiles: NDArray[np.float32]
    row: NDArray[np.int64]

    @property
    def known(self) -> Mask:
        """Whether a cell has a profile, shape ``(n,)``."""
        return self.row >= 0

    def of(self, cells: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.float32]:
        """Return the profiles of some cells, zero where there is none, shape ``(b, G)``."""
        row = self.row[cells]
        found: NDArray[np.float32] = np.zeros((len(row), self.profiles.shape[1]), dtype=np.float32)
        found[row >= 0] = self.profiles[row[row >= 0]]
        return found


def counterfactuals(
    values: Any, fails: Mask, label: NDArray[Any], part: NDArray[np.str_], seed: int
) -> Counterfactuals:
    """Return profiles of cells with the same label and part, and the other outcome.

    A profile is the element-wise median of up to 50 cells drawn with replacement; the cells of a
    group share 20 of them.

    Parameters
    ----------
    values
        What profiles are of, dense or CSR, shape ``(n, G)``.
    fails
        Whether a cell fails quality control, shape ``(n,)``: it gets a profile of passing cells,
        a passing cell one of failing cells.
    label, part
        Of every cell, shape ``(n,)``.
    seed
        Draws cells.
    """
    rng = np.random.default_rng(seed)
    parts = np.unique(part)
    group = np.unique(label, return_inverse=True)[1] * len(parts) + np.searchsorted(parts, part)
    row = np.full(len(fails), -1, dtype=np.int64)
    profiles: list[Values] = []
    for number in np.unique(group):
        own = group == number
        for outcome in (True, False):
            pool, asking = np.flatnonzero(own & (fails == outcome)), own & (fails != outcome)
            if not len(pool) or not asking.any():
                continue
            row[asking] = len(profiles) + rng.integers(PROFILES, size=int(asking.sum()))
            cells = dense(values[pool])
            drawn = rng.integers(len(pool), size=(PROFILES, min(DRAWS, len(pool))))
            profiles += [np.median(cells[some], axis=0) for some in drawn]
    stacked = np.array(profiles, dtype=np.float32).reshape(len(profiles), values.shape[1])
    return Counterfactuals(stacked, row)
