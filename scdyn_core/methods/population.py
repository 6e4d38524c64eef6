"""What the dataset says of the training samples, for those who decide which are drawn."""

from __future__ import annotations

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.components import training_components
from scdyn_core.methods.method import Method, Tensors
from scdyn_core.training.population import UNKNOWN, Population
from scdyn_core.training.resampling.options import COMPONENTS, SamplingOptions


def population_of(
    method: Method, dataset: Dataset, tensors: Tensors, options: SamplingOptions
) -> Population:
    """Return types and places of the training samples, as far as they are known.

    Raises
    ------
    ConfigError
        When an embedding is asked for that the dataset does not have, or that is of cells while
        the samples are genes.
    """
    if method.samples == "genes":
        _refuse_embedding(options, f"{method.title} learns from genes, an embedding is of cells")
        return Population()
    rows = tensors.samples["train"]
    column = dataset.roles.cell_type
    classes, names = None, np.array([], dtype=str)
    if column is not None:
        known = dataset.adata.obs[column].astype(object).fillna(UNKNOWN).astype(str)
        types = known.to_numpy(dtype=str)[rows]
        names, classes = np.unique(types, return_inverse=True)
    embedding = None
    if options.embedding == COMPONENTS:
        embedding = training_components(dataset, rows)
    elif options.embedding:
        if options.embedding not in dataset.adata.obsm:
            _refuse_embedding(options, "an embedding that the prepared data do not have")
        embedding = np.asarray(dataset.adata.obsm[options.embedding])[rows]
    return Population(classes, tuple(map(str, names)), embedding)


def _refuse_embedding(options: SamplingOptions, found: str) -> None:
    if options.embedding:
        raise ConfigError(
            f"sampling, embedding {options.embedding[:60]!r}",
            found=found,
            needed="an embedding (obsm) of the cells that are trained on, or 'components'",
            fix="Leave embedding empty to use the latents of the model, or add a step that makes "
            "the embedding to the recipe.",
        )
