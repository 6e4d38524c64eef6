"""Genes that vary together: Pearson correlation over cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scdyn_core.evaluation.network.blocks import Matrix, Standardised, Values
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.regulators import places_of


def correlation(
    values: Values, genes: Sequence[str], sources: Sequence[str] | None = None
) -> NetworkEstimate:
    """Return the Pearson correlation of every source with every gene.

    It knows no direction: between two sources the edge is the same both ways.

    Parameters
    ----------
    values
        Log-normalised expression, sparse or dense, shape ``(n, G)``.
    genes
        Names of the genes.
    sources
        Genes that edges may leave; those not measured are left out. All genes if not given.

    Raises
    ------
    ConfigError
        When there are fewer than three cells, or no source was measured.
    """
    rows = places_of(genes, sources)
    data = Standardised.of(values)
    found: Matrix = np.zeros((len(rows), len(genes)))
    for block in data.blocks():
        found += block[:, rows].T @ block
    return NetworkEstimate(
        tuple(genes[row] for row in rows), tuple(genes), found / data.cells, "Pearson r"
    )
