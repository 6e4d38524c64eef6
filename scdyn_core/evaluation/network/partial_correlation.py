"""What two genes share beyond what all other genes explain: shrunken partial correlations.

Schäfer and Strimmer, Statistical Applications in Genetics and Molecular Biology 2005.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scdyn_core.evaluation.network.blocks import Matrix, Standardised, Values
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.regulators import places_of

#: A correlation matrix that is not shrunk at all cannot always be inverted.
_LEAST_SHRINKAGE = 1e-4


def partial_correlation(
    values: Values, genes: Sequence[str], sources: Sequence[str] | None = None
) -> NetworkEstimate:
    """Return the partial correlation of every source with every gene, given all other genes.

    Correlations are shrunk towards 0 by the share that minimises their expected squared error.
    Cost grows with the third power of the number of genes: seconds for 2,000.

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
    shrunken = shrunken_correlation(Standardised.of(values))
    precision = np.linalg.inv(shrunken)
    scale = 1.0 / np.sqrt(np.diag(precision))
    found = -precision[rows] * scale[rows, None] * scale
    return NetworkEstimate(
        tuple(genes[row] for row in rows), tuple(genes), found, "partial correlation"
    )


def shrunken_correlation(data: Standardised) -> Matrix:
    """Return the correlation matrix shrunk towards the identity, ``(G, G)``."""
    n, size = data.cells, len(data.mean)
    product, square = np.zeros((size, size)), np.zeros((size, size))
    for block in data.blocks():
        product += block.T @ block
        squared = np.square(block)
        square += squared.T @ squared
    mean = product / n
    # Expected squared error of a correlation: variance of its mean over cells.
    variance = n / (n - 1.0) ** 3 * (square - n * mean**2)
    between = ~np.eye(size, dtype=bool)
    noise, signal = variance[between].sum(), np.square(mean[between]).sum()
    share = 1.0 if signal == 0 else float(np.clip(noise / signal, _LEAST_SHRINKAGE, 1.0))
    shrunken = (1.0 - share) * mean
    np.fill_diagonal(shrunken, 1.0)
    return np.asarray(shrunken)
