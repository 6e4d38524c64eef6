r"""How a perturbation reaches other genes: hard interventions in a linear path model.

Log changes ``δ`` obey ``δ_j = Σ_i δ_i A_ij`` for every gene that is not held, and ``δ_s = k_s`` for
the genes ``s ∈ S`` that are: nothing else acts on these. With ``B = (I - A)⁻¹`` over the nodes,
``δ = k_S (B_SS)⁻¹ B_S`` solves this, cycles included (Hyttinen, Eberhardt and Hoyer, Journal of
Machine Learning Research 13 (2012) 3387); for one gene ``δ = k_t B_t / B_tt``.

Shapes: ``A`` (T, G) nodes × genes, ``k`` (T,) doses, ``column`` (T,) gene of every node, G where it
is not measured; ``members`` (K, P) nodes held under every label, T where there are fewer.
"""

from __future__ import annotations

import torch
from torch import Tensor


def between_nodes(coefficients: Tensor, column: Tensor) -> Tensor:
    """Return the coefficients between nodes, ``(T, T)``; nothing enters an unmeasured one."""
    nowhere = coefficients.new_zeros(coefficients.shape[0], 1)
    return torch.cat([coefficients, nowhere], dim=1)[:, column]


def node_changes(coefficients: Tensor, column: Tensor, dose: Tensor, members: Tensor) -> Tensor:
    """Return the log change of every node under every label, shape ``(K, T)``."""
    inner = between_nodes(coefficients, column)
    nodes = inner.shape[0]
    through = torch.linalg.inv(torch.eye(nodes, dtype=inner.dtype, device=inner.device) - inner)
    # A row for the node that is not there: it holds nothing and reaches nothing.
    padded = torch.cat([through, through.new_zeros(1, nodes)])
    held = torch.cat([dose, dose.new_zeros(1)])[members]
    rows = padded[members]
    if members.shape[1] == 1:
        own = torch.cat([through.diagonal(), through.new_ones(1)])[members]
        return (held / own).unsqueeze(-1).mul(rows).sum(1)
    square = torch.cat([padded, padded.new_zeros(nodes + 1, 1)], dim=1)
    among = square[members.unsqueeze(2), members.unsqueeze(1)]
    missing = (members == nodes).to(among)
    among = among + torch.diag_embed(missing)
    share = torch.linalg.solve(among.transpose(1, 2), held.unsqueeze(-1))
    found: Tensor = (share * rows).sum(1)
    return found


def gene_changes(coefficients: Tensor, column: Tensor, dose: Tensor, members: Tensor) -> Tensor:
    """Return the log change of every gene under every label, shape ``(K, G)``.

    Labels without members change nothing.
    """
    nodes = node_changes(coefficients, column, dose, members)
    return with_doses(nodes @ coefficients, column, dose, members)


def with_doses(changes: Tensor, column: Tensor, dose: Tensor, members: Tensor) -> Tensor:
    """Put the doses of held genes in their places, shape ``(K, G)``."""
    genes = changes.shape[1]
    nowhere = torch.full_like(column[:1], genes)
    place = torch.cat([column, nowhere])[members]
    held = torch.cat([dose, dose.new_zeros(1)])[members]
    wide = torch.cat([changes, changes.new_zeros(len(changes), 1)], dim=1)
    return wide.scatter(1, place, held)[:, :genes]
