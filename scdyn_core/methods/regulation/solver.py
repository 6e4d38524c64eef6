r"""The sparse path model by weighted least squares.

Minimised is ``½ Σ_k r_k Ω r_k + ½ r_c Ω r_c + ½ Σ A_ij² / s² + Σ λ_ij |A_ij|``, where
``r_kg = (δ_kg(A) + b_g - D_kg) / e_kg`` are the misfits of the measured log changes ``D`` in units
of the standard errors ``e`` of their own cells, and 0 for held genes; ``Ω`` is the inverse of what
errors of genes have in common. All changes are against the same control cells: ``b`` is their
error, with misfits ``r_cg = b_g / c_g``, or without bound where they are in another state than
every perturbation. It is found gene by gene, at its best for ``A`` but for ``Ω``: as ``Ω`` is the
same for all labels and the control cells, that is its best with ``Ω`` too, exactly where errors are
a factor of the gene times one of the label.

Solved by accelerated proximal gradients with restarts (Beck and Teboulle 2009,
doi:10.1137/080716542; O'Donoghue and Candès 2015, doi:10.1007/s10208-013-9150-3).

Shapes: K labels, T nodes, G genes, r factors of the noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from scdyn_core.methods.regulation.propagation import gene_changes

STEPS, TOLERANCE = 600, 1e-5
#: Share by which the assumed curvature may fall after a step.
FORGETTING = 0.95
TINY = 1e-12
#: Share of a value that rounding may add to it.
ROUNDING = 1e-12


@dataclass(frozen=True)
class PathProblem:
    """What is to be explained.

    Attributes
    ----------
    change, error
        ``D`` and ``e``, shape ``(K, G)``.
    control_precision
        ``1 / c²``, shape ``(G,)``; 0 without bound.
    loadings, own
        Factors of the noise ``(G, r)`` and what genes have alone ``(G,)``.
    members
        Nodes held under every label, padded with T, shape ``(K, P)``.
    column, dose
        Gene and dose of every node, shape ``(T,)``.
    size
        ``s``.
    cost
        ``λ``, shape ``(T, G)``; infinite where there can be no edge.
    """

    change: Tensor
    error: Tensor
    control_precision: Tensor
    loadings: Tensor
    own: Tensor
    members: Tensor
    column: Tensor
    dose: Tensor
    size: float
    cost: Tensor

    def misfit(self, coefficients: Tensor) -> Tensor:
        """Return ``½ Σ_k r_k Ω r_k + ½ r_c Ω r_c``."""
        predicted = gene_changes(coefficients, self.column, self.dose, self.members)
        left = torch.where(self.held(), 0.0, (predicted - self.change) / self.error)
        weight = torch.where(self.held(), 0.0, 1.0 / self.error)
        certainty = weight.square().sum(0) + self.control_precision
        offset = (left * weight).sum(0) / certainty.clamp_min(TINY)
        control = offset * self.control_precision.sqrt()
        left = torch.cat([left - offset * weight, control.unsqueeze(0)])
        scaled = self.loadings / self.own.unsqueeze(1)
        inner = torch.eye(scaled.shape[1], dtype=scaled.dtype) + self.loadings.T @ scaled
        common = torch.linalg.solve(inner, (left @ scaled).T)
        squares = (left.square() / self.own).sum() - ((left @ scaled) * common.T).sum()
        found: Tensor = 0.5 * squares
        return found

    def held(self) -> Tensor:
        """Return which genes are held under every label, shape ``(K, G)``."""
        genes = self.change.shape[1]
        place = torch.cat([self.column, torch.full_like(self.column[:1], genes)])[self.members]
        held = torch.zeros(len(place), genes + 1, dtype=torch.bool)
        return held.scatter(1, place, True)[:, :genes]


def solve(problem: PathProblem, start: Tensor | None = None, steps: int = STEPS) -> Tensor:
    """Return the coefficients ``A``, shape ``(T, G)``."""
    current = torch.zeros_like(problem.cost) if start is None else start
    ridge = problem.size**-2
    ahead, curvature, momentum = current, 1.0, 1.0
    for _ in range(steps):
        value, slope = _value_and_slope(problem, ahead)
        if not torch.isfinite(value):
            # Momentum led to where the paths of a cycle do not die out.
            ahead, momentum = current, 1.0
            continue
        curvature *= FORGETTING
        while True:
            found = _shrunk(ahead - slope / curvature, problem.cost / curvature)
            found = found / (1.0 + ridge / curvature)
            step = found - ahead
            bound = value + (slope * step).sum() + 0.5 * curvature * step.square().sum()
            if problem.misfit(found) <= bound + ROUNDING * (1.0 + value.abs()):
                break
            curvature *= 2.0
        if ((ahead - found) * (found - current)).sum() > 0:
            momentum, next_ahead = 1.0, found
        else:
            following = (1.0 + (1.0 + 4.0 * momentum**2) ** 0.5) / 2.0
            next_ahead = found + (momentum - 1.0) / following * (found - current)
            momentum = following
        moved = float((found - current).abs().max())
        current, ahead = found, next_ahead
        if moved < TOLERANCE:
            break
    return current


def _value_and_slope(problem: PathProblem, coefficients: Tensor) -> tuple[Tensor, Tensor]:
    at = coefficients.detach().requires_grad_()
    value = problem.misfit(at)
    (slope,) = torch.autograd.grad(value, at)
    return value.detach(), slope


def _shrunk(value: Tensor, by: Tensor) -> Tensor:
    return value.sign() * (value.abs() - by).clamp_min(0.0)
