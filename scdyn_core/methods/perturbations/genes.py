"""Choosing genes: the most variable ones of the training cells, and the targets themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.counts import variable_genes
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.preprocess.size_factors import Counts


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
    targeted = np.isin(dataset.adata.var_names.astype(str), screen.single)
    variable = variable_genes(train, config.genes)
    return np.union1d(variable, np.flatnonzero(targeted & seen))
