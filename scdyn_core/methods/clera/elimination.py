"""Solving for the coefficients, and taking out the terms that carry nothing.

With encoder and decoder fixed, the derivative terms of the loss are a quadratic form of Xi:

    a_z Σ_n |dz_n - f_n|² + a_x Σ_n |dx_n - J_n f_n|²,    f_n = Xiᵀ theta_n

(read without the noise of training), so its minimum is one linear solve, over all equations
together because genes see every latent. What the minimum rises by when a coefficient is held at 0
has a closed form, and terms are removed in that order (backward elimination): the network meets a
little less each time, and can bend its latents so that fewer terms suffice.

Symbols
-------
theta (n, p) library;  dz (n, d), dx (n, G) derivatives;  J (n, d, G) decoder along each latent
A (pd, pd), b (pd) normal equations;  M inverse of A over the kept terms
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

#: Samples whose decoder derivatives are held at once.
CHUNK = 4096
#: Least ridge penalty: without any, a latent that moves nothing would make the system singular.
LEAST_RIDGE = 1e-12


@dataclass(frozen=True)
class NormalEquations:
    """The derivative terms of the loss as a quadratic form of Xi.

    Attributes
    ----------
    matrix, right
        ``A`` and ``b``; coefficient of term ``k`` in equation ``i`` at ``k d + i``.
    total
        The loss of predicting no change.
    """

    matrix: Tensor
    right: Tensor
    total: float


def normal_equations(
    theta: Tensor,
    dz: Tensor,
    dx: Tensor,
    weights: tuple[float, float],
    decoder_slopes: Callable[[slice], Tensor],
) -> NormalEquations:
    """Accumulate the quadratic form over the training cells, in double precision.

    Parameters
    ----------
    weights
        ``a_z`` and ``a_x``.
    decoder_slopes
        Samples -> ``J`` for them; asked only where ``a_x`` is not 0.
    """
    n, p = theta.shape
    d = dz.shape[1]
    theta, dz, dx = theta.double(), dz.double(), dx.double()
    a_z, a_x = weights
    matrix = theta.new_zeros(p, d, p, d)
    right = theta.new_zeros(p, d)
    for samples in _chunks(n):
        metric = a_z * torch.eye(d).to(theta).expand(len(theta[samples]), d, d)
        towards = a_z * dz[samples]
        if a_x:
            slopes = decoder_slopes(samples).double()
            metric = metric + a_x * slopes @ slopes.mT
            towards = towards + a_x * (slopes @ dx[samples, :, None]).squeeze(-1)
        right += theta[samples].T @ towards
        for i in range(d):
            for j in range(d):
                matrix[:, i, :, j] += (theta[samples] * metric[:, i, j, None]).T @ theta[samples]
    total = a_z * dz.square().sum() + a_x * dx.square().sum()
    return NormalEquations(matrix.reshape(p * d, p * d), right.reshape(p * d), float(total))


def eliminate(
    equations: NormalEquations,
    kept: Tensor,
    *,
    ridge: float,
    threshold: float,
    smallest_share: float,
    fewest: int,
) -> tuple[Tensor, Tensor]:
    """Solve on the kept terms; remove those below both bars, down to ``fewest`` at most.

    Parameters
    ----------
    kept
        Positions that may be used, shape ``(k,)``.
    ridge
        Penalty relative to each coefficient's own curvature.
    threshold
        Coefficients smaller than this go first (Brunton et al. 2016,
        doi:10.1073/pnas.1517384113).
    smallest_share
        Then those whose removal raises the loss by less than this share of predicting no change.
    fewest
        Terms that stay in any case.

    Returns
    -------
    Positions kept, and their coefficients.
    """
    curvature = equations.matrix.diagonal().clamp_min(1e-12)
    penalised = equations.matrix + torch.diag(max(ridge, LEAST_RIDGE) * curvature)
    while True:
        inverse = torch.linalg.inv(penalised[kept][:, kept])
        solution = inverse @ equations.right[kept]
        small = solution.abs() < threshold
        if not small.any() or len(kept) <= fewest:
            break
        # Of more small ones than may go, the smallest go.
        going = solution.abs().argsort()[: min(int(small.sum()), len(kept) - fewest)]
        kept = _without(kept, going)
    total = max(equations.total, 1e-30)
    while len(kept) > fewest:
        rises = solution.square() / inverse.diagonal()
        least = int(rises.argmin())
        if rises[least] / total > smallest_share:
            break
        # Taking one variable out of an inverse is a rank-one change.
        column = inverse[:, least] / inverse[least, least]
        stay = _without(torch.arange(len(kept), device=kept.device), least)
        solution = (solution - column * solution[least])[stay]
        inverse = (inverse - torch.outer(column, inverse[least]))[stay][:, stay]
        kept = kept[stay]
    return kept, solution


def _without(values: Tensor, positions: Tensor | int) -> Tensor:
    stays = torch.ones(len(values), dtype=torch.bool, device=values.device)
    stays[positions] = False
    return values[stays]


def _chunks(n: int) -> Iterator[slice]:
    for start in range(0, n, CHUNK):
        yield slice(start, min(start + CHUNK, n))
