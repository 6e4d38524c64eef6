"""Choosing genes: the most variable ones of the training cells, and those asked for by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.methods.association.cells import Values, is_logarithm

_FEWEST_GENES = 2
_STILL = 1e-12


def chosen_genes(
    train: Values, names: Sequence[str], number: int, always: Sequence[str]
) -> NDArray[np.int64]:
    """Return positions of the genes to use, ascending.

    Parameters
    ----------
    train
        Expression of the training cells, CSR of shape ``(n, all genes)``.
    names
        Of all genes.
    number
        How many of the most variable genes.
    always
        Genes that come in addition, where they vary at all.

    Raises
    ------
    ConfigError
        When fewer than two genes vary.
    """
    mean = np.asarray(train.mean(axis=0)).ravel()
    variance = np.asarray(train.multiply(train).mean(axis=0)).ravel() - mean**2
    varies = variance > _STILL * np.maximum(1.0, mean**2)
    if varies.sum() < _FEWEST_GENES:
        raise ConfigError(
            "genes",
            found=f"{int(varies.sum())} that vary among the training cells",
            needed=f"at least {_FEWEST_GENES}",
            fix="Use data with more genes, or more cells.",
        )
    if varies.sum() <= number:
        return np.flatnonzero(varies)
    chosen = np.isin(np.asarray(names, dtype=str), np.asarray(list(always), dtype=str))
    chosen[_most_variable(train, variance, np.flatnonzero(varies), number)] = True
    return np.flatnonzero(chosen & varies)


def _most_variable(
    train: Values, variance: NDArray[np.float64], among: NDArray[np.int64], number: int
) -> NDArray[np.int64]:
    if not is_logarithm(train):
        return among[np.argsort(-variance[among], kind="stable")[:number]]
    import anndata
    import scanpy as sc

    # Compared with genes of the same mean: else the most expressed would be taken.
    adata = anndata.AnnData(train[:, among])
    sc.pp.highly_variable_genes(adata, n_top_genes=number, flavor="seurat")
    return np.asarray(among[adata.var["highly_variable"].to_numpy()])
