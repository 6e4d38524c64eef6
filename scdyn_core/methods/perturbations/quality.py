"""Cells that fail quality control, judged by what is usual among control cells.

Symbols: n cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scdyn_core.preprocess.size_factors import Counts
from scdyn_core.preprocess.thresholds import lower_mad, upper_mad

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Genes of which a high share of the counts is a bad sign, by metric.
SHARES: Mapping[str, re.Pattern[str]] = {
    "mitochondrial share": re.compile(r"MT-"),
    "ribosomal share": re.compile(r"RP[SL]"),
    "haemoglobin share": re.compile(r"HB[^P]"),
}
#: A share of fewer genes is noise.
FEWEST_GENES = 3


@dataclass(frozen=True)
class CellQuality:
    """Quality of every cell.

    Attributes
    ----------
    metrics
        ``counts``, ``genes`` and the shares that the data have genes for, by name, each ``(n,)``.
    outlier
        Whether a cell is beyond the limit, by metric, each ``(n,)``; ``doublet`` where asked for.
    """

    metrics: Mapping[str, Values]
    outlier: Mapping[str, Mask]

    @cached_property
    def fails(self) -> Mask:
        """Whether a cell fails by any metric, shape ``(n,)``."""
        return np.asarray(np.any(list(self.outlier.values()), axis=0))


def cell_quality(
    counts: Counts,
    genes: Sequence[str],
    reference: Mask,
    threshold: Literal[3, 4, 5] = 3,
    doublets: bool = False,
    seed: int = 0,
) -> CellQuality:
    """Flag the cells that are unlike the others.

    Parameters
    ----------
    counts
        Raw counts of all genes, CSR of shape ``(n, all genes)``.
    genes
        Their names.
    reference
        Cells that say what is usual, such as the control cells of the training part, ``(n,)``.
    threshold
        Median absolute deviations from the median: below it for counts and genes (on the scale of
        logarithms), above it for shares.
    doublets
        Whether cells that Scrublet calls doublets fail, too.
    seed
        Of Scrublet.
    """
    metrics = _metrics(counts, genes)
    outlier = {
        name: values < lower_mad(values[reference], threshold)
        if name in ("counts", "genes")
        else values > upper_mad(values[reference], threshold)
        for name, values in metrics.items()
    }
    if doublets:
        outlier["doublet"] = _doublets(counts, seed)
    return CellQuality(metrics, outlier)


def _metrics(counts: Counts, genes: Sequence[str]) -> dict[str, Values]:
    totals = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    found = {
        "counts": totals,
        "genes": np.asarray((counts > 0).sum(axis=1), dtype=np.float64).ravel(),
    }
    for name, pattern in SHARES.items():
        own = np.array([pattern.match(gene.upper()) is not None for gene in genes])
        if own.sum() >= FEWEST_GENES:
            part = np.asarray(counts[:, own].sum(axis=1), dtype=np.float64).ravel()
            found[name] = np.divide(part, totals, out=np.zeros_like(totals), where=totals > 0)
    return found


def _doublets(counts: Counts, seed: int) -> Mask:
    from anndata import AnnData

    from scdyn_core.data.roles import Roles
    from scdyn_core.preprocess.steps.doublets import Doublets

    marked, _ = Doublets().apply(AnnData(counts.copy()), Roles(counts="X"), seed)
    return np.asarray(marked.obs["predicted_doublet"], dtype=bool)
