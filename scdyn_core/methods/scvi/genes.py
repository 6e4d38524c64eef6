"""Choosing genes: the most variable ones of the training cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.size_factors import Counts, median_total, size_normalise

FEWEST_GENES = 10


def most_variable(train: Counts, number: int) -> NDArray[np.int64]:
    """Return positions of the genes to use, ascending.

    Parameters
    ----------
    train
        Raw counts of the training cells, all genes.

    Raises
    ------
    ConfigError
        When too few genes have a count.
    """
    seen = np.flatnonzero(np.asarray((train > 0).sum(axis=0)).ravel())
    if len(seen) < FEWEST_GENES:
        raise ConfigError(
            "genes",
            found=f"{len(seen)} genes with a count in the training cells",
            needed=f"at least {FEWEST_GENES}",
            fix="Use data with more genes.",
        )
    if len(seen) <= number:
        return seen
    import anndata
    import scanpy as sc

    adata = anndata.AnnData(size_normalise(train[:, seen], median_total(train)).log1p())
    sc.pp.highly_variable_genes(adata, n_top_genes=number, flavor="seurat")
    return np.asarray(seen[adata.var["highly_variable"].to_numpy()])
