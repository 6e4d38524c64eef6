"""What labels do to rates, and what rates are among the control cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.methods.perturbations.stored_cells import unperturbed
from scdyn_core.methods.regulation.learned import LearnedNetwork
from scdyn_core.methods.regulation.rate_response import RateResponse
from scdyn_core.training.seeding import derive_seed

Matrix = NDArray[np.float64]
LEAST_DISPERSION = 1e-2


def label_changes(network: LearnedNetwork, screen: Labelled) -> Matrix:
    """Return the log change to the control cells under every perturbation, in order, ``(K, G)``."""
    own = [screen.label_of(name) for name in screen.kinds]
    perturbed = np.array([[bool(screen.parts[name])] for name in screen.kinds])
    return network.changes(screen.members[own]) + perturbed * network.nodes.common


def control_response(tensors: Tensors, seed: int) -> RateResponse:
    """Learn from the unperturbed training cells how changes of rates would be seen."""
    counts = np.asarray(tensors.parts["train"]["counts"])[unperturbed(tensors)].astype(np.float64)
    totals = counts.sum(axis=1)
    share = counts.sum(axis=0) / max(totals.sum(), 1.0)
    mean = totals[:, None] * share
    # Moments: the variance beyond that of counting, over the squared mean.
    excess = (np.square(counts - mean) - mean).sum(axis=0)
    dispersion = np.maximum(
        excess / np.maximum(np.square(mean).sum(axis=0), 1e-12), LEAST_DISPERSION
    )
    depth = float(np.exp(tensors.constants["depth"]))
    return RateResponse.of(share, dispersion, totals, depth, derive_seed(seed, "rates"))
