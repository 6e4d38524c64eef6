"""Building a network for the cells of a screen."""

from __future__ import annotations

import numpy as np
import torch

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.effects import PathEffects
from scdyn_core.methods.gpo_vae.network import GpoNetwork
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.reading import reading_of
from scdyn_core.methods.regulation.arrays import nodes_from
from scdyn_core.methods.regulation.least_squares import fitted, problem_of


def build_network(tensors: Tensors, config: GpoVaeConfig, seed: int) -> GpoNetwork:
    """Return an untrained network; one with a network of genes starts from least squares."""
    reading = reading_of(tensors)
    cells = len(np.asarray(tensors.parts["train"]["label"]))
    if config.acts_on != "rates":
        return GpoNetwork(config, reading, cells, seed, None)
    problem = problem_of(tensors, config)
    start = fitted(tensors, config)
    learned = nodes_from(tensors).learned[:, None]
    effects = PathEffects(
        torch.as_tensor(np.where(learned, start, 0.0)),
        torch.as_tensor(np.where(learned, 0.0, start)),
        problem.column,
        problem.dose,
        problem.cost,
        config.size,
        reading.members,
        cells,
    )
    return GpoNetwork(config, reading, cells, seed, effects)
