r"""What perturbations do, in the space where they act.

``PathEffects``: log rates of genes change along paths of the network (``regulation.propagation``).
``DrawnEffects``: ``Σ_t d_t (E_t ∘ M_t)`` with ``E ~ N(0, 1)`` and ``M ~ Bernoulli(π)`` (Bereket and
Karaletsos, NeurIPS 2023, arXiv:2311.02794). Its posterior is ``q(M) = Bernoulli(sigmoid(ℓ))`` and
``q(E_t | M_t)`` normal, independent of ``M`` or given by a network of ``M_t`` and ``t``.

Shapes: A labels, T targets, P draws, W the width of the space; ``ℓ, E, M`` (T, W).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, softplus

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.perturbations.reading import Reading
from scdyn_core.methods.regulation.propagation import gene_changes
from scdyn_core.nn.hidden_layers import linear_start
from scdyn_core.nn.residual_layers import ResidualLayers

#: Added to every posterior variance.
LEAST_VARIANCE = 1e-4
#: Temperature of relaxed masks.
TEMPERATURE = 1.0
#: Masks over which effects are averaged that depend on them.
MASKS = 100


class PathEffects(nn.Module):
    """Changes of log rates along the paths of a network.

    Parameters
    ----------
    coefficients
        Start of the network, shape ``(T, G)``.
    supposed
        What is believed, and never learned, of nodes without cells, shape ``(T, G)``.
    column, dose
        Gene and dose of every node, shape ``(T,)``.
    cost
        Of every coefficient in nats, infinite where there can be no edge, ``(T, G)``.
    size
        Expected size of a coefficient.
    members
        Targets of every label, shape ``(A, P)``.
    cells
        Number of training cells, among which costs are shared.
    """

    column: Tensor
    dose: Tensor
    cost: Tensor
    allowed: Tensor
    supposed: Tensor
    members: Tensor

    def __init__(
        self,
        coefficients: Tensor,
        supposed: Tensor,
        column: Tensor,
        dose: Tensor,
        cost: Tensor,
        size: float,
        members: Tensor,
        cells: int,
    ) -> None:
        super().__init__()
        self.coefficients = nn.Parameter(coefficients.float())
        self.size, self.training_cells = size, cells
        allowed = torch.isfinite(cost)
        self.register_buffer("supposed", supposed.float())
        self.register_buffer("column", column)
        self.register_buffer("dose", dose.float())
        self.register_buffer("cost", torch.where(allowed, cost, 0.0).float())
        self.register_buffer("allowed", allowed.float())
        self.register_buffer("members", members)

    def draws(self) -> tuple[Tensor, Tensor]:
        """Return the changes under every label, ``(1, A, G)``, and their divergence: none."""
        found = gene_changes(self.network(), self.column, self.dose, self.members)
        return found.unsqueeze(0), found.new_zeros(())

    def mean(self) -> Tensor:
        """Return the changes under every label, shape ``(A, G)``."""
        return self.draws()[0][0]

    def network(self) -> Tensor:
        """Return the coefficients, 0 where there can be no edge, shape ``(T, G)``."""
        return self.coefficients * self.allowed + self.supposed

    def penalty(self) -> Tensor:
        """Return what the edges cost, nats per training cell."""
        own = self.coefficients * self.allowed
        cost = (self.cost * own.abs()).sum() + 0.5 * own.square().sum() / self.size**2
        return cost / self.training_cells


class DrawnEffects(nn.Module):
    """Effects that are there or not, with a posterior they are drawn from."""

    members: Tensor

    def __init__(
        self, config: GpoVaeConfig, reading: Reading, width: int, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.config, self.width = config, width
        shape = (reading.targets, width)
        self.mask_logit = nn.Parameter(torch.zeros(shape))
        self.register_buffer("members", reading.members)
        if config.guide == "correlated":
            self.guide = ResidualLayers(
                width, config.guide_hidden, config.guide_layers, config.activation, generator
            )
            start, _ = linear_start(reading.targets, config.guide_hidden, generator)
            self.own = nn.Parameter(start.detach().T.clone())
            head = linear_start(config.guide_hidden, 2 * width, generator)
            self.head_weight, self.head_bias = head
        else:
            self.centre = nn.Parameter(torch.zeros(shape))
            # The variance starts at 1: softer starts drown small effects in their own noise.
            self.log_variance = nn.Parameter(torch.zeros(shape))

    def draws(self) -> tuple[Tensor, Tensor]:
        """Return drawn effects of every label, ``(P, A, W)``, and their divergence in nats."""
        mask = self._mask(self.config.particles)
        m, v = self._posterior(mask)
        effect = mask * (m + v.sqrt() * torch.randn_like(m.expand_as(mask)))
        divergence = 0.5 * (m.square() + v - 1.0 - v.log()).sum((-2, -1)).mean()
        if self.config.masked:
            divergence = divergence + self._mask_divergence()
        return self._of_labels(effect), divergence

    def mean(self) -> Tensor:
        """Return the expected effects of every label, shape ``(A, W)``."""
        if self.config.guide == "mean_field" or not self.config.masked:
            mask = self.probability().unsqueeze(0)
            return self._of_labels(mask * self._posterior(mask)[0])[0]
        # Means are of given masks: they are averaged over some, the same every time.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            masks = (self._mask(1) for _ in range(MASKS))
            total = sum((mask * self._posterior(mask)[0] for mask in masks), torch.zeros(()))
        return self._of_labels(total / MASKS)[0]

    def probability(self) -> Tensor:
        """Return the probability of every effect, shape ``(T, W)``."""
        logit = self.mask_logit
        return logit.sigmoid() if self.config.masked else torch.ones_like(logit)

    def _mask(self, draws: int) -> Tensor:
        """Return masks with the gradient of their relaxation, shape ``(P, T, W)``."""
        shape = (draws, *self.mask_logit.shape)
        if not self.config.masked:
            return self.mask_logit.new_ones(shape)
        uniform = torch.rand(shape, device=self.mask_logit.device).clamp(1e-6, 1.0 - 1e-6)
        soft = ((self.mask_logit + uniform.logit()) / TEMPERATURE).sigmoid()
        return (soft > 0.5).to(soft) + soft - soft.detach()

    def _posterior(self, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return means and variances of ``E`` given masks, each broadcasting to ``(P, T, W)``."""
        if self.config.guide == "mean_field":
            return self.centre, self.log_variance.exp() + LEAST_VARIANCE
        hidden = self.guide(mask, self.own)
        m, raw = linear(hidden, self.head_weight, self.head_bias).chunk(2, dim=-1)
        return m, raw.exp() + LEAST_VARIANCE

    def _mask_divergence(self) -> Tensor:
        """Return the divergence of the masks from their prior, nats."""
        prior = math.log(self.config.mask_prior) - math.log1p(-self.config.mask_prior)
        logit, p = self.mask_logit, self.probability()
        entropy = softplus(logit) - p * logit
        return (p * -prior + math.log1p(math.exp(prior)) - entropy).sum()

    def _of_labels(self, effect: Tensor) -> Tensor:
        """Return the sum over the targets of every label, shape ``(P, A, W)``."""
        nobody = torch.zeros_like(effect[:, :1])
        return torch.cat([effect, nobody], dim=1)[:, self.members].sum(2)
