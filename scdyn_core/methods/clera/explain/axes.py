"""Random axes of the expression: what any direction of variation of these cells looks like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.enrichment import DRAWS
from scdyn_core.methods.method import Tensors


def random_axes(tensors: Tensors, draws: int = DRAWS, seed: int = 0) -> NDArray[np.float64]:
    """Draw gene programs with the covariance of the training cells.

    Returns
    -------
    ndarray
        Shape ``(draws, G)``, units of the genes as the network knows them: principal components
        weighted by normal numbers of the components' variance.
    """
    rng = np.random.default_rng(seed)
    x = np.asarray(tensors.parts["train"]["x"], dtype=np.float64)
    components = np.asarray(tensors.constants["components"], dtype=np.float64)
    # A network that reads genes has as many inputs as there are genes.
    reads_genes = x.shape[1] != len(components)
    scores = (x - tensors.constants["centre"]) @ components.T if reads_genes else x
    weights = rng.normal(size=(draws, len(components))) * scores.std(axis=0)
    axes: NDArray[np.float64] = weights @ components
    return axes
