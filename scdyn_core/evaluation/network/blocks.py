"""Expression of many cells block by block, every gene on one scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.errors import ConfigError

Matrix = NDArray[np.float64]
# scipy ships no types: a sparse or dense matrix of cells × genes is Any to the type checker.
Values = Any
_CELLS = 4096
#: Fewer cells have no correlation worth looking at.
FEWEST_CELLS = 3
_STILL = 1e-9


@dataclass(frozen=True)
class Standardised:
    """Cells × genes with mean 0 and variance 1 of every gene; 0 for a gene that never varies.

    Attributes
    ----------
    values
        As they came, ``(n, G)``: CSR or dense.
    mean, scale
        Of every gene, shape ``(G,)``; the scale is one over the standard deviation.
    """

    values: Values
    mean: Matrix
    scale: Matrix

    @classmethod
    def of(cls, values: Values) -> Standardised:
        """Learn mean and scale of the genes.

        Raises
        ------
        ConfigError
            When there are fewer than three cells, or a value is not finite.
        """
        # Numbers may arrive in single precision: squares of 1e5 cells need more.
        own = values.tocsr() if sparse.issparse(values) else np.asarray(values)
        cells = own.shape[0]
        if cells < FEWEST_CELLS:
            raise _refused(f"{cells} cells", f"at least {FEWEST_CELLS}")
        mean = np.asarray(own.sum(axis=0, dtype=np.float64)).ravel() / cells
        square = np.zeros(own.shape[1])
        for block in _dense(own):
            square += np.square(block - mean).sum(axis=0)
        if not np.isfinite(square).all():
            raise _refused("values that are not finite", "numbers")
        spread = np.sqrt(square / cells)
        varies = spread > _STILL * np.maximum(1.0, np.abs(mean))
        return cls(own, mean, np.divide(1.0, spread, out=np.zeros_like(spread), where=varies))

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int(self.values.shape[0])

    def blocks(self) -> Iterator[Matrix]:
        """Yield the standardised cells, at most 4,096 at a time."""
        for block in _dense(self.values):
            yield (block - self.mean) * self.scale

    def dense(self, cells: NDArray[np.int64] | None = None) -> Matrix:
        """Return the standardised values of some cells, or of all."""
        chosen = self.values if cells is None else self.values[cells]
        return np.concatenate([(block - self.mean) * self.scale for block in _dense(chosen)])


def _dense(values: Values) -> Iterator[Matrix]:
    for start in range(0, values.shape[0], _CELLS):
        block = values[start : start + _CELLS]
        whole = block.toarray() if sparse.issparse(block) else block
        yield np.asarray(whole, dtype=np.float64)


def _refused(found: str, needed: str) -> ConfigError:
    return ConfigError(
        "expression of a network", found=found, needed=needed, fix="Use more or other cells."
    )
