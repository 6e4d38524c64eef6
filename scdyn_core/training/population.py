"""What is known of the training samples beside what a model reads of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: What samples without a type are called.
UNKNOWN = "unknown"
#: Records of the draws carry the mass of a type under this and its name.
MASS = "mass/"


@dataclass(frozen=True)
class Population:
    """The training samples as those see them who decide which of them are drawn.

    Attributes
    ----------
    classes
        Type of every sample, as a position in ``names``, shape ``(N,)``; ``None``: unknown.
    names
        Names of the types.
    embedding
        Place of every sample on a map that does not change, shape ``(N, D)``; ``None``: the
        latents of the model are read.
    """

    classes: NDArray[np.int64] | None = None
    names: tuple[str, ...] = ()
    embedding: NDArray[np.floating[Any]] | None = None

    @property
    def balanced(self) -> NDArray[np.int64] | None:
        """Types that are to be drawn equally often, shape ``(N,)``; -1 where it is not known."""
        if self.classes is None or UNKNOWN not in self.names:
            return self.classes
        return np.where(self.classes == self.names.index(UNKNOWN), -1, self.classes)

    def masses(self, weights: NDArray[np.float64]) -> dict[str, float]:
        """Return the share of the draws that falls to every type, for weights ``(N,)``."""
        if self.classes is None:
            return {}
        sums = np.bincount(self.classes, weights=weights, minlength=len(self.names))
        return dict(zip(self.names, (sums / sums.sum()).tolist(), strict=True))
