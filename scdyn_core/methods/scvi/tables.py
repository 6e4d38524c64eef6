"""scVI's tables: cells, latents, genes, and expression by type."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import COLUMN_ROLES
from scdyn_core.data.split import PARTS
from scdyn_core.methods.method import Table, Tensors
from scdyn_core.methods.perturbations.cell_map import latent_map
from scdyn_core.methods.scvi.expression import GeneSums
from scdyn_core.methods.scvi.predictors import Names

Matrix = NDArray[np.float64]
Cells = dict[str, Tensor]
LATENT = "posterior mean of latent {i}, in sd of the prior; latents of replicates are not matched"
CELL_FIT = {
    "reconstruction_error": "reconstruction error: minus the log likelihood of the counts of the "
    "cell at its mean latents, nats per cell (all genes used together)"
}
SCALED = "counts, every cell scaled to the median depth of the training cells"
GENES = {
    "gene": "name of the gene",
    "observed": f"mean over test cells of {SCALED}",
    "expected": "the same as the model has it, its zero inflation included",
    "zeros_observed": "share of the test cells without a count of the gene",
    "zeros_expected": "the same as the model has it, at the depths of the cells",
    "dispersion": "inverse dispersion: the variance of counts around a mean m is m + m²/dispersion",
    "zero_inflation": "share of the test cells whose count is 0 whatever their mean, as the model "
    "has it; empty for the negative binomial",
}


def cells_table(dataset: Dataset, tensors: Tensors, latent: Matrix, seed: int) -> Table:
    """One row a cell: part, annotations, counts, and its place on a map of the latents.

    Parameters
    ----------
    latent
        Of all cells, part after part, shape ``(n, L)``.
    """
    adata = dataset.adata
    positions = np.concatenate([tensors.samples[part] for part in PARTS])
    places = latent_map(latent, seed)
    frame = pd.DataFrame(
        {
            "cell": np.asarray(adata.obs_names, dtype=object)[positions],
            "part": np.repeat(PARTS, [len(tensors.samples[part]) for part in PARTS]),
            "total": np.concatenate(
                [np.asarray(tensors.parts[part]["counts"]).sum(axis=1) for part in PARTS]
            ),
            "umap_1": places[:, 0],
            "umap_2": places[:, 1],
        }
    )
    meanings = {
        "cell": "name of the cell",
        "part": "train, validation or test",
        "total": "counts of the genes used",
        "umap_1": "first coordinate of a map of the latents",
        "umap_2": "second coordinate of a map of the latents",
    }
    for role in COLUMN_ROLES:
        column = getattr(dataset.roles, role)
        if column is not None:
            frame[role] = adata.obs[column].to_numpy()[positions]
            meanings[role] = f"{column} of the cell"
    return Table(frame, meanings)


def genes_table(genes: Sequence[str], sums: GeneSums) -> Table:
    """One row a gene: how the model has it, mean over replicates, beside test cells."""
    frame = pd.DataFrame({"gene": list(genes), **{
        name: getattr(sums, name) for name in GENES if name != "gene"
    }})  # fmt: skip
    return Table(frame, GENES)


def type_expression_table(
    genes: Sequence[str], types: Names, observed: Matrix, denoised: Matrix
) -> Table:
    """One row a cell type and gene.

    Parameters
    ----------
    observed, denoised
        Means over the cells of every type in ``types``, shape ``(T, G)``.
    """
    frame = pd.DataFrame(
        {
            "cell_type": np.repeat(types.astype(object), len(genes)),
            "gene": np.tile(np.array(genes, dtype=object), len(types)),
            "observed": observed.ravel(),
            "denoised": denoised.ravel(),
        }
    )
    return Table(
        frame,
        {
            "cell_type": "type of the cells",
            "gene": "name of the gene",
            "observed": f"mean over all cells of the type of {SCALED}",
            "denoised": "mean over the same cells, and over replicates, of what the decoder has, "
            "without zero inflation",
        },
    )
