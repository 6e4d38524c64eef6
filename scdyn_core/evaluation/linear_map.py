"""How well one latent space, and the motion in it, is a linear image of another.

Symbols: a, b (n, d) latent coordinates of the same cells in two models; da, db (n, d) their
derivatives. The map is ``b ≈ a M + m`` by least squares on one set of cells; everything is
measured on another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.dynamics import mean_cosine, share_explained

Matrix = NDArray[np.floating]


@dataclass(frozen=True)
class LinearMap:
    """``a -> a M + m``; ``matrix`` (d, d), ``offset`` (d,)."""

    matrix: Matrix
    offset: Matrix

    @classmethod
    def between(cls, a: Matrix, b: Matrix) -> LinearMap:
        """Fit by least squares."""
        design = np.column_stack([a, np.ones(len(a))])
        solution = np.linalg.lstsq(design, b, rcond=None)[0]
        return cls(solution[:-1], solution[-1])

    def r2(self, a: Matrix, b: Matrix) -> Matrix:
        """Return the R² of each coordinate of ``b``, shape ``(d,)``; NaN where it is constant."""
        error = np.square(b - a @ self.matrix - self.offset).sum(axis=0)
        varied = np.square(b - b.mean(axis=0)).sum(axis=0)
        r2: Matrix = 1.0 - np.divide(error, varied, out=np.full_like(error, np.nan),
                                     where=varied > 0)  # fmt: skip
        return r2

    def field_share(self, da: Matrix, db: Matrix) -> float:
        """Return the share of the squared motion ``db`` that ``da``, carried over, explains."""
        return share_explained(db, da @ self.matrix)

    def field_cosine(self, da: Matrix, db: Matrix) -> float:
        """Return the mean cosine between ``db`` and ``da`` carried over."""
        return mean_cosine(db, da @ self.matrix)
