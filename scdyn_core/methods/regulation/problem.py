"""The least-squares problem of some cells."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from scdyn_core.methods.regulation.config import RegulationConfig
from scdyn_core.methods.regulation.cost import edge_costs
from scdyn_core.methods.regulation.measured import MeasuredChanges
from scdyn_core.methods.regulation.nodes import Nodes
from scdyn_core.methods.regulation.solver import PathProblem


def path_problem(
    measured: MeasuredChanges,
    nodes: Nodes,
    prior: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    config: RegulationConfig,
    *,
    apart: bool,
) -> PathProblem:
    """Return the problem in double precision.

    Parameters
    ----------
    prior
        Signs of a network known beforehand, shape ``(T, G)``.
    apart
        Whether the control cells are in another state than every perturbation.
    """

    def tensor(values: object) -> Tensor:
        return torch.as_tensor(np.asarray(values, dtype=np.float64))

    control = np.zeros_like(measured.control_error) if apart else measured.control_error**-2
    return PathProblem(
        change=tensor(measured.values),
        error=tensor(measured.error),
        control_precision=tensor(control),
        loadings=tensor(measured.noise.loadings),
        own=tensor(measured.noise.own),
        members=padded_members(measured.members, len(nodes.names)),
        column=torch.as_tensor(nodes.column),
        dose=tensor(nodes.dose),
        size=config.size,
        cost=tensor(edge_costs(measured, nodes, prior, config)),
    )


def padded_members(
    members: tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], ...], nodes: int
) -> Tensor:
    """Return the nodes of every label as one matrix, padded with the number of nodes, (K, P)."""
    width = max(1, *map(len, members))
    rows = [[*own, *[nodes] * (width - len(own))] for own in members]
    return torch.as_tensor(np.array(rows, dtype=np.int64))
