"""Which matrix of a dataset is shown as expression, and how its values become logarithms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from scdyn_core.data.atlas.meta import Scale
from scdyn_core.data.dataset import Dataset

#: Logarithms of expression are below this; larger values were never logged.
_LARGEST_LOG = 30.0
#: Values looked at at a time.
_BLOCK = 1 << 22


@dataclass(frozen=True)
class Expression:
    """What an atlas shows of genes.

    Attributes
    ----------
    values
        Matrix shown as it is; ``None``: logarithms are made of ``counts`` when they are read.
    counts
        Raw counts, where known.
    depth
        Factor of every cell that brings it to the median depth, where counts are known.
    scale
        See :class:`AtlasMeta`.
    """

    values: Any | None
    counts: Any | None
    depth: NDArray[np.float32] | None
    scale: Scale


def expression_of(dataset: Dataset) -> Expression:
    """Return ``X`` where it holds logarithms or values of another kind, else logged counts.

    Raw counts are those of the role; without it, spliced counts.
    """
    name = dataset.roles.counts or dataset.roles.spliced
    own = dataset.adata.X
    counts = None if name is None else own if name == "X" else dataset.adata.layers[name]
    depth = None if counts is None else _depth(counts)
    if counts is not None and (counts is own or _raw(own)):
        return Expression(None, counts, depth, "log")
    low, high = _range(own)
    logs = low >= 0 and high <= _LARGEST_LOG and not (counts is None and _raw(own))
    return Expression(own, counts, depth, "log" if logs else "other")


def _raw(matrix: Any) -> bool:
    """Return whether there are values, and all are whole and not negative."""
    data = _data(matrix)
    step = max(1, _BLOCK * len(data) // max(1, data.size))
    # Block by block: a rounded copy of a large matrix is as large as the matrix.
    blocks = (data[start : start + step] for start in range(0, len(data), step))
    return data.size > 0 and all(
        block.min() >= 0 and bool((block == np.rint(block)).all()) for block in blocks
    )


def _range(matrix: Any) -> tuple[float, float]:
    data = _data(matrix)
    low, high = (float(data.min()), float(data.max())) if data.size else (0.0, 0.0)
    return (min(low, 0.0), max(high, 0.0)) if issparse(matrix) else (low, high)


def _data(matrix: Any) -> NDArray[Any]:
    return np.asarray(matrix.data if issparse(matrix) else matrix)


def _depth(counts: Any) -> NDArray[np.float32]:
    totals = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    known = totals > 0
    median = float(np.median(totals[known])) if known.any() else 1.0
    depth = np.zeros(len(totals), dtype=np.float32)
    np.divide(median, totals, out=depth, where=known, casting="unsafe")
    return depth
