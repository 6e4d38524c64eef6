"""Choosing genes: the most variable ones of the training cells, and the targets themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.preprocess.size_factors import Counts, median_total, size_normalise

FEWEST_GENES = 10


def chosen_genes(
    train: Counts, dataset: Dataset, screen: Labelled, config: PerturbationConfig
) -> NDArray[np.int64]:
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
    seen = np.asarray((train > 0).sum(axis=0)).ravel() > 0
    if seen.sum() < FEWEST_GENES:
        raise ConfigError(
            "genes",
            found=f"{int(seen.sum())} genes with a count in the training cells",
            needed=f"at least {FEWEST_GENES}",
            fix="Use data with more genes.",
        )
    if seen.sum() <= config.genes:
        return np.flatnonzero(seen)
    import anndata
    import scanpy as sc

    candidates = np.flatnonzero(seen)
    logs = size_normalise(train[:, candidates], median_total(train)).log1p()
    adata = anndata.AnnData(logs)
    sc.pp.highly_variable_genes(adata, n_top_genes=config.genes, flavor="seurat")
    chosen = np.zeros(len(seen), dtype=bool)
    chosen[candidates[adata.var["highly_variable"].to_numpy()]] = True
    targeted = np.isin(dataset.adata.var_names.astype(str), screen.single)
    return np.flatnonzero(chosen | (targeted & seen))
