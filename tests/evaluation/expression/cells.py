"""Cells with known expression, read gene by gene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass
class Cells:
    """A matrix, read as an atlas is; dense ones give zeros as entries too."""

    matrix: np.ndarray
    raw: np.ndarray | None = None
    dense: bool = False

    @property
    def n_cells(self):
        return len(self.matrix)

    @property
    def genes(self):
        return tuple(f"gene{number}" for number in range(self.matrix.shape[1]))

    def values(self, gene):
        return self.matrix[:, self.genes.index(gene)]

    def nonzero(self, gene):
        return _entries(self.values(gene), self.dense)

    def counts(self, gene):
        return _entries(self.raw[:, self.genes.index(gene)], False)


def _entries(values, dense):
    cells = np.arange(len(values)) if dense else np.flatnonzero(values)
    return cells.astype(np.int32), values[cells]


def donors(
    seed: int, n_donors: int = 6, n_genes: int = 40, each: int = 30, changed: int = 0
) -> tuple[Cells, pd.Series, np.ndarray]:
    """Counts of donors that differ, their donor, and whether a cell is treated.

    Cells of one donor share a level of every gene; the first ``changed`` genes rise tenfold.
    """
    rng = np.random.default_rng(seed)
    donor = np.repeat(np.arange(n_donors), each)
    treated = donor < n_donors // 2
    level = rng.gamma(4.0, 0.5, size=(1, n_genes)) * np.exp(rng.normal(0, 0.6, (n_donors, n_genes)))
    mean = level[donor]
    mean[np.ix_(treated, np.arange(n_genes) < changed)] *= 10.0
    raw = rng.poisson(mean).astype(np.float32)
    depth = np.maximum(raw.sum(axis=1, keepdims=True), 1)
    matrix = np.log1p(raw / depth * np.median(depth)).astype(np.float32)
    return Cells(matrix, raw), pd.Series(donor.astype(str), name="donor"), treated
