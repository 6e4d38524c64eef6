"""The raw counts of the cells that take part."""

from __future__ import annotations

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.preprocess.size_factors import Counts, as_counts


def screen_counts(dataset: Dataset, screen: Labelled) -> Counts:
    """Return raw counts, shape ``(n, all genes)``.

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
    matrix = dataset.adata.X if role == "X" else dataset.adata.layers[role]
    return as_counts(matrix)[screen.cells]
