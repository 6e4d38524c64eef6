"""Counts brought to one depth: totals of cells, and the counts scaled to one of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

# scipy ships no types: sparse matrices of counts, shape (n, G), are Any to the type checker.
Counts = Any


def as_counts(matrix: object) -> Counts:
    """Return a layer as CSR in double precision."""
    return sparse.csr_matrix(matrix, dtype=np.float64)


def size_normalise(counts: Counts, target: float) -> Counts:
    """Scale every cell to ``target`` counts; empty cells stay empty."""
    totals = np.asarray(counts.sum(axis=1)).ravel()
    factors = np.divide(target, totals, out=np.zeros_like(totals), where=totals > 0)
    return sparse.diags(factors) @ counts


def median_total(counts: Counts) -> float:
    """Return the median count of the cells that have any."""
    totals = np.asarray(counts.sum(axis=1)).ravel()
    return float(np.median(totals[totals > 0])) if (totals > 0).any() else 1.0
