"""What an edge costs: so many standard errors of what one perturbation says of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.methods.regulation.config import RegulationConfig
from scdyn_core.methods.regulation.measured import MeasuredChanges
from scdyn_core.methods.regulation.nodes import Nodes

Matrix = NDArray[np.float64]


def edge_costs(
    measured: MeasuredChanges, nodes: Nodes, prior: Matrix, config: RegulationConfig
) -> Matrix:
    """Return the cost of every coefficient in nats, infinite where there can be no edge, (T, G).

    The log likelihood of a coefficient that is 0 has a slope of the size of the root of its
    information, by chance: a cost of as much as that, times ``sparsity``, keeps most of them at 0.
    """
    information = np.zeros((len(nodes.names), len(measured.genes)))
    error = measured.error**2 + measured.control_error**2
    for label, members in enumerate(measured.members):
        information[members] += nodes.dose[members, None] ** 2 / error[label]
    cost = config.sparsity * np.sqrt(information * measured.noise.precision)
    cost = np.where(prior != 0, config.prior_cost * cost, cost)
    measurable = np.flatnonzero(nodes.column < cost.shape[1])
    cost[measurable, nodes.column[measurable]] = np.inf
    # Nothing is known of what was never perturbed.
    cost[information.sum(axis=1) == 0] = np.inf
    return cost
