"""How the coefficients of the latent equations start, are solved for, and are removed.

Symbols: Theta (n, p) library, dz (n, d) latent derivative, Xi (p, d), mask (p, d).
``state`` is one replicate's name -> tensor; functions change it in place.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from scdyn_core.methods.clera.config import CleraConfig

#: Rounds of removing small terms and solving again; STLSQ settles within a few.
STLSQ_ROUNDS = 10


def start_coefficients(config: CleraConfig, terms: int, generator: torch.Generator) -> Tensor:
    """Return the start of Xi, shape ``(terms, latents)``; zero where it will be solved for."""
    shape = (terms, config.latents)
    if config.solver == "least_squares":
        return torch.zeros(shape)
    if config.coefficient_start == "constant":
        return torch.full(shape, 0.3)
    normal = torch.randn(shape, generator=generator)
    if config.coefficient_start == "specified":
        return torch.where(normal < 0, -1.0, 1.0)
    if config.coefficient_start == "xavier":
        return normal.mul((2.0 / sum(shape)) ** 0.5)
    return normal


@dataclass(frozen=True)
class LatentStatistics:
    """Mean and sd of the encoder's raw output over the training cells, shape ``(d,)``."""

    mean: Tensor
    sd: Tensor

    @classmethod
    def of(cls, raw: Tensor, *, standardise: bool) -> LatentStatistics:
        """Measure raw latents ``(n, d)``, or leave them as they are."""
        if not standardise:
            return cls(torch.zeros_like(raw[0]), torch.ones_like(raw[0]))
        return cls(raw.mean(0), raw.std(0).clamp_min(1e-6))

    def apply(self, raw: Tensor, tangent: Tensor) -> tuple[Tensor, Tensor]:
        """Return standardised latents and their derivative."""
        return (raw - self.mean) / self.sd, tangent / self.sd

    def store(self, state: dict[str, Tensor]) -> None:
        """Write the statistics into a replicate's buffers."""
        state["latent_mean"].copy_(self.mean)
        state["latent_sd"].copy_(self.sd)


def threshold_coefficients(state: dict[str, Tensor], threshold: float) -> None:
    """Keep the terms with ``|Xi| > threshold``, judged on the unmasked Xi as published."""
    state["mask"].copy_((state["coefficients"].abs() > threshold).to(state["mask"].dtype))


def solve_coefficients(
    state: dict[str, Tensor], theta: Tensor, dz: Tensor, *, ridge: float, threshold: float
) -> None:
    """Sequentially thresholded least squares (Brunton et al. 2016, doi:10.1073/pnas.1517384113).

    Every equation is solved by ridge regression on its kept terms; terms below ``threshold``
    are dropped and the rest solved again until nothing changes. ``threshold`` 0 keeps all.

    Parameters
    ----------
    state
        Holds ``coefficients`` and ``mask``, shape ``(p, d)``; both are replaced.
    theta, dz
        Library ``(n, p)`` and latent derivative ``(n, d)`` of the training cells.
    ridge
        Penalty relative to the mean square of each term.
    threshold
        Smallest ``|Xi|`` that stays.
    """
    # In double precision: the normal equations of products of latents are badly conditioned.
    theta, dz = theta.double(), dz.double()
    n = len(theta)
    gram, cross = theta.T @ theta / n, theta.T @ dz / n
    penalty = ridge * gram.diagonal().clamp_min(1e-12)
    columns = [
        _stlsq(gram, cross[:, equation], penalty, threshold) for equation in range(dz.shape[1])
    ]
    solution = torch.stack(columns, dim=1)
    state["coefficients"].copy_(solution.to(state["coefficients"].dtype))
    state["mask"].copy_((solution != 0).to(state["mask"].dtype))


def _stlsq(gram: Tensor, cross: Tensor, penalty: Tensor, threshold: float) -> Tensor:
    """Solve one equation: ``gram`` (p, p), ``cross`` and ``penalty`` (p,); returns (p,)."""
    kept = torch.ones(len(cross), dtype=torch.bool, device=cross.device)
    for _ in range(STLSQ_ROUNDS):
        solution = torch.zeros_like(cross)
        if not kept.any():
            return solution
        system = gram[kept][:, kept] + torch.diag(penalty[kept])
        solution[kept] = torch.linalg.solve(system, cross[kept])
        small = kept & (solution.abs() < threshold)
        if not small.any():
            return solution
        kept = kept & ~small
    return solution
