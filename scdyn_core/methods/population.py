"""What the dataset says of the training samples, for those who decide which are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.components import places, training_components
from scdyn_core.methods.method import Method, Tensors
from scdyn_core.training.population import UNKNOWN, Population
from scdyn_core.training.resampling.options import (
    COMPONENTS,
    DENSITY_SCHEMES,
    SamplingOptions,
)


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
        found = dataset.adata.obs[column]
        known = found.astype(object).astype(str).where(found.notna(), UNKNOWN)
        types = known.to_numpy(dtype=str)[rows]
        names, classes = np.unique(types, return_inverse=True)
    return Population(classes, tuple(map(str, names)), _embedding(dataset, rows, options))


def _embedding(
    dataset: Dataset, rows: NDArray[np.int64], options: SamplingOptions
) -> NDArray[np.floating[Any]] | None:
    """Return the places of the training cells on the map that is asked for, shape ``(N, D)``."""
    if not options.embedding or options.scheme not in DENSITY_SCHEMES:
        return None
    if options.embedding == COMPONENTS:
        return training_components(dataset, rows)
    if options.embedding not in dataset.adata.obsm:
        _refuse_embedding(options, "an embedding that the prepared data do not have")
    return places(dataset.adata.obsm[options.embedding], options.embedding)[rows]


def _refuse_embedding(options: SamplingOptions, found: str) -> None:
    if options.embedding and options.scheme in DENSITY_SCHEMES:
        raise ConfigError(
            f"sampling, embedding {options.embedding[:60]!r}",
            found=found,
            needed="an embedding (obsm) of the cells that are trained on, or 'components'",
            fix="Leave embedding empty to use the latents of the model, or add a step that makes "
            "the embedding to the recipe.",
        )
