"""Averages over neighbouring cells of the same part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.decomposition import PCA

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.genes import most_variable
from scdyn_core.methods.clera.sources.quiet import quiet
from scdyn_core.preprocess.size_factors import as_counts
from scdyn_core.reporter import Reporter, raise_if_cancelled

if TYPE_CHECKING:
    from anndata import AnnData

#: Components of log expression in which neighbours are found.
NEIGHBOUR_COMPONENTS = 30


def average_neighbours(
    adata: AnnData, layers: dict[str, str], config: CleraConfig, part: Part
) -> None:
    """Find neighbours in ``X_pca`` and store the averages of layers over them.

    Parameters
    ----------
    layers
        Name of the averaged layer -> name of the layer it averages.

    Raises
    ------
    TrainingError
        When the part has no more cells than are averaged.
    """
    import scanpy as sc
    from scvelo.preprocessing.moments import get_connectivities

    if adata.n_obs <= config.neighbours:
        raise TrainingError(
            f"velocity, {part} part",
            found=f"{adata.n_obs} cells",
            needed=f"more than the {config.neighbours} neighbours that are averaged",
            fix="Use more cells, or lower neighbours.",
        )
    with quiet():
        # For averages only who is whose neighbour is used. "gauss" spares compiling UMAP in
        # every worker, and its weights are those that diffusion maps are defined with.
        sc.pp.neighbors(adata, n_neighbors=config.neighbours, use_rep="X_pca", method="gauss")
        averaging = get_connectivities(adata, n_neighbors=config.neighbours)
    # Averaged here, because scVelo's moments normalise again what looks like whole numbers.
    for smoothed, layer in layers.items():
        adata.layers[smoothed] = (averaging @ adata.layers[layer]).toarray()


def smoothed_expression(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter, stages: int
) -> dict[Part, AnnData]:
    """Return every part with ``X`` of the chosen genes averaged over neighbours, in ``Ms``.

    Genes and the components in which neighbours are sought come from the training part.
    """
    import anndata

    expression = as_counts(dataset.adata.X)
    chosen = most_variable(expression[split.train], config.genes)
    names = np.asarray(dataset.adata.var_names)[chosen]
    train = expression[split.train][:, chosen].toarray()
    count = min(NEIGHBOUR_COMPONENTS, *(size - 1 for size in train.shape))
    components = PCA(count, random_state=seed).fit(train)
    parts: dict[Part, AnnData] = {}
    for done, part in enumerate(PARTS):
        raise_if_cancelled(reporter)
        reporter.progress("velocity", done, stages, f"neighbours: {part}")
        adata = anndata.AnnData(expression[split.part_of(part)][:, chosen].copy())
        adata.var_names = names
        adata.layers["X"] = adata.X
        adata.obsm["X_pca"] = components.transform(adata.X.toarray())
        average_neighbours(adata, {"Ms": "X"}, config, part)
        parts[part] = adata
    return parts
