"""Choosing genes and normalising counts with what the training cells say, and nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.sources.moving import Matrix
from scdyn_core.preprocess.size_factors import Counts

#: No log-normalised count is larger.
LARGEST_LOG = 50.0


def shared_count_genes(spliced: Counts, unspliced: Counts, minimum: int) -> NDArray[np.bool_]:
    """Mark genes with ``minimum`` spliced + unspliced counts in cells that have both."""
    both = (spliced > 0).multiply(unspliced > 0)
    shared = spliced.multiply(both).sum(axis=0) + unspliced.multiply(both).sum(axis=0)
    enough: NDArray[np.bool_] = np.asarray(shared).ravel() >= minimum
    return enough


def most_variable(log_expression: Counts | Matrix, how_many: int) -> NDArray[np.bool_]:
    """Mark the ``how_many`` genes with the highest normalised dispersion (Seurat's rule).

    Parameters
    ----------
    log_expression
        Log-normalised expression of the training cells, shape ``(n, G)``.

    Raises
    ------
    ConfigError
        When a choice is needed and the values are not logs.
    """
    n_genes = log_expression.shape[1]
    if n_genes <= how_many:
        return np.ones(n_genes, dtype=bool)
    if log_expression.max() > LARGEST_LOG:
        raise ConfigError(
            "X",
            found=f"values up to {float(log_expression.max()):.0f}",
            needed="log values, of which the most variable genes are chosen",
            fix="Use a recipe that normalises and logs, or raise the number of genes.",
        )
    import anndata
    import scanpy as sc

    adata = anndata.AnnData(log_expression)
    sc.pp.highly_variable_genes(adata, n_top_genes=how_many, flavor="seurat")
    chosen: NDArray[np.bool_] = adata.var["highly_variable"].to_numpy()
    return chosen
