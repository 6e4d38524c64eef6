"""What models of counts read of a dataset: counts, batches, genes, and the scale of every gene."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.size_factors import Counts, as_counts, median_total, size_normalise

Matrix = NDArray[np.float64]
#: Fewer genes are no expression profile.
FEWEST_GENES = 10
#: More levels than this are no batches.
MOST_BATCHES = 500
#: A gene that varies less than this (in log counts) is not magnified further.
LEAST_SPREAD = 1e-2


def raw_counts(dataset: Dataset) -> Counts:
    """Return raw counts of all cells and genes, CSR.

    Raises
    ------
    ConfigError
        When no matrix has the role counts.
    """
    role = dataset.roles.counts
    if role is None:
        raise ConfigError(
            "role counts",
            found="no matrix of raw counts",
            needed="counts: the model is one of counting",
            fix="Choose the layer with raw counts in the roles of the dataset.",
        )
    return as_counts(dataset.adata.X if role == "X" else dataset.adata.layers[role])


def batches_of(dataset: Dataset, cells: NDArray[np.int64]) -> tuple[list[str], Matrix | None]:
    """Return the batches, and the one of every cell as indicators; none where there is but one.

    Raises
    ------
    ConfigError
        When there are more than a decoder should be told.
    """
    column = dataset.roles.batch
    if column is None:
        return [], None
    values = np.asarray(dataset.adata.obs[column].astype(str))[cells]
    names, codes = np.unique(values, return_inverse=True)
    if len(names) > MOST_BATCHES:
        raise ConfigError(
            "role batch",
            found=f"{len(names)} levels",
            needed=f"at most {MOST_BATCHES}: each is an input of the decoder",
            fix="Choose a column with fewer levels, or none, in the roles of the dataset.",
        )
    if len(names) < 2:
        return [], None
    return [str(name) for name in names], np.eye(len(names))[codes]


def variable_genes(train: Counts, number: int) -> NDArray[np.int64]:
    """Return positions of the most variable genes of training cells, ascending.

    Parameters
    ----------
    train
        Raw counts of the training cells, all genes.
    number
        How many, of those with a count.

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


def gene_scale(train: Counts) -> dict[str, NDArray[np.floating]]:
    """Return the depth of cells, and how log counts at that depth vary: what encoders read by.

    Returns
    -------
    ``depth`` (its log, a number), ``mean`` of log-normalised counts and ``scale``, one over their
    standard deviation, both of shape ``(G,)``.
    """
    depth = median_total(train)
    logs = size_normalise(train, depth).log1p()
    mean = np.asarray(logs.mean(axis=0)).ravel()
    square = np.asarray(logs.multiply(logs).mean(axis=0)).ravel()
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    return {
        "depth": np.array(np.log(depth)),
        "mean": mean,
        "scale": 1.0 / np.maximum(spread, LEAST_SPREAD),
    }
