r"""The sparse mechanism shift variational autoencoder (Lopez et al. 2023, arXiv:2211.03553).

For a cell with the label ``a`` and its targets ``t``: ``γ_tl ~ Bernoulli(p_tl)``,
``z ~ N(o + Σ_t γ_t μ_t, I)``, ``ρ = softmax(f(z, batch))``, ``x_g ~ NB(library · ρ_g, θ_g)``;
``q(z | x) = N(m(x), Fᵀ diag v(x) F)``. Masks are integrated out:
``E KL = ½ Σ_l ((Fᵀ v F)_ll + (m - o - Σ p μ)² + Σ p (1 - p) μ² - 1 - log v) - log |det F|``, or
drawn for every cell.

``F`` is the identity until the latents are turned. Posteriors whose axes were those of the turned
latents would pull them back: such networks prefer latents in which the decoder's principal
directions are axes (Rolinek et al. 2019, arXiv:1812.06775). So spreads keep the axes they have.


The origin ``o`` is where the control cells are. If it were 0, or shared with labels that may move
it, the encoder would learn to tell the control cells of the training part from others like them.

Shapes: ``x`` (B, G) counts; ``z, m, v`` (B, L); ``o`` (L,); ``F`` (L, L); ``μ, p`` (T, L)
targets x latents.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from scdyn_core.methods.perturbations.reading import Reading
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.targets import Costs, effects
from scdyn_core.nn.hidden_layers import HiddenLayers, linear_start
from scdyn_core.nn.negative_binomial import log_likelihood
from scdyn_core.training.module import TrainableModule

#: Added to every posterior variance.
LEAST_VARIANCE = 1e-4
#: Log odds of a target before it is learned by gradient.
OPEN = 5.0


class SvaeNetwork(TrainableModule):
    """Encoder, decoder, and the shifts of the targets."""

    members: Tensor
    mean: Tensor
    scale: Tensor
    cells: Tensor
    beta: Tensor
    strictness: Tensor
    control: Tensor
    origin: Tensor
    frame: Tensor
    middle: Tensor
    log_volume: Tensor
    adapting: Tensor

    def __init__(self, config: SvaeConfig, reading: Reading, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.config, self.depth = config, reading.depth
        genes, inner = len(reading.mean), [config.hidden] * config.layers
        normalised = config.normalisation == "batch"
        self.encoder = HiddenLayers([genes, *inner], config.activation, generator,
                                    normalised=normalised, dropped=config.dropout)  # fmt: skip
        self.mean_weight, self.mean_bias = linear_start(config.hidden, config.latents, generator)
        self.spread_weight, self.spread_bias = linear_start(
            config.hidden, config.latents, generator
        )
        self.decoder = HiddenLayers([config.latents + reading.batches, *inner], config.activation,
                                    generator, normalised=normalised)  # fmt: skip
        self.rate_weight, _ = linear_start(config.hidden, genes, generator)
        self.rate_bias = nn.Parameter(reading.log_share.clone())
        self.log_dispersion = nn.Parameter(torch.full((genes,), 2.0))
        self.shift = nn.Parameter(torch.zeros(reading.targets, config.latents))
        self.mask_logit = nn.Parameter(torch.full((reading.targets, config.latents), OPEN))
        self.register_buffer("members", reading.members)
        self.register_buffer("mean", reading.mean)
        self.register_buffer("scale", reading.scale)
        self.register_buffer("cells", reading.cells)
        self.register_buffer("control", torch.tensor(reading.control))
        self.register_buffer("origin", torch.zeros(config.latents))
        self.register_buffer("frame", torch.eye(config.latents))
        self.register_buffer("middle", torch.zeros(config.latents))
        self.register_buffer("log_volume", torch.tensor(0.0))
        self.register_buffer("beta", torch.tensor(0.0 if config.kl_epochs else config.weight_kl))
        self.register_buffer("strictness", torch.tensor(0.0))
        self.register_buffer("adapting", torch.tensor(0.0))

    def forward(self, batch: Mapping[str, Tensor], terms: frozenset[str]) -> dict[str, Tensor]:
        """Return ``reconstruction``, ``kl`` (already weighed by its warm-up) and the penalties."""
        counts, library = batch["counts"], batch["library"]
        m, v = self.posterior(counts, library)
        z = self.drawn(m, v, torch.randn_like(m))
        log_mean = library.unsqueeze(-1) + self.log_rates(z, batch.get("batch"))
        likelihood = log_likelihood(counts, log_mean, self.log_dispersion).sum(-1)
        losses = {"reconstruction": (batch["log_factorials"] - likelihood).mean()}
        members = self.members[batch["label"].long()]
        losses["kl"] = self.beta * self.divergence(m, v, members).mean()
        if "sparsity" in terms:
            losses["sparsity"] = self.sparsity(members).mean()
        if "decoder" in terms:
            losses["decoder"] = self.config.decoder_decay * self.decoder_weight()
        if "mask_prior" in terms:
            losses["mask_prior"] = self.mask_prior()
        return losses

    def latent(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the posterior means, shape ``(n, L)``."""
        return self.posterior(batch["counts"], batch["library"])[0]

    def posterior(self, counts: Tensor, library: Tensor) -> tuple[Tensor, Tensor]:
        """Return means, and variances along the axes of the spread, each ``(n, L)``."""
        hidden = self.encoder(self.inputs(counts, library))
        m = linear(hidden, self.mean_weight, self.mean_bias)
        v = linear(hidden, self.spread_weight, self.spread_bias).exp() + LEAST_VARIANCE
        return m, v

    def drawn(self, m: Tensor, v: Tensor, noise: Tensor) -> Tensor:
        """Return draws of the latents for standard normal ``noise``, shape of ``noise``."""
        return m + (noise * v.sqrt()) @ self.frame

    def unturned(self, z: Tensor) -> Tensor:
        """Return latents as they were before they were turned, shape of ``z``."""
        before: Tensor = (z - self.middle) @ torch.linalg.inv(self.frame)
        return before

    def inputs(self, counts: Tensor, library: Tensor) -> Tensor:
        """Return what the encoder reads, shape of ``counts``."""
        if not self.config.standardise:
            return counts.log1p()
        scaled = counts * (self.depth - library).exp().unsqueeze(-1)
        return (scaled.log1p() - self.mean) * self.scale

    def log_rates(self, z: Tensor, batch: Tensor | None) -> Tensor:
        """Return the log share of every gene in the counts of a cell, shape ``(…, G)``."""
        if batch is not None:
            z = torch.cat([z, batch.expand(*z.shape[:-1], -1)], dim=-1)
        return linear(self.decoder(z), self.rate_weight, self.rate_bias).log_softmax(-1)

    def probability(self) -> Tensor:
        """Return how probable it is that each target shifts each latent, shape ``(T, L)``."""
        if self.config.prior == "none":
            return torch.zeros_like(self.mask_logit)
        if self.config.prior == "perturbation":
            return torch.ones_like(self.mask_logit)
        return self.movable(self.mask_logit).sigmoid()

    def movable(self, value: Tensor) -> Tensor:
        """Return what targets have, ``(T, L)``: what was learned is fixed while others adapt."""
        fixed = (self.cells > 0).unsqueeze(-1) & (self.adapting > 0)
        return torch.where(fixed, value.detach(), value)

    def divergence(self, m: Tensor, v: Tensor, members: Tensor) -> Tensor:
        """Return the expected divergence of the posterior from the prior of each cell, ``(n,)``."""
        if self.config.prior == "none":
            # A plain VAE knows no label: its prior is where it was before latents were turned.
            return 0.5 * (v + self.unturned(m).square() - 1.0 - v.log()).sum(-1)
        shift = self.movable(self.shift)
        if self.config.prior == "sparse" and self.config.mask == "sampled":
            drawn = self.drawn_mask(members)
            shifts = torch.cat([shift, torch.zeros_like(shift[:1])])[members]
            centre = self.origin + (drawn * shifts).sum(-2)
            spread = torch.zeros_like(centre)
        else:
            p = self.probability()
            centre = self.origin + effects(p * shift, members)
            spread = effects(p * (1.0 - p) * shift.square(), members)
        spans = v * self.frame.square().sum(1) - v.log()
        return 0.5 * (spans + (m - centre).square() + spread - 1.0).sum(-1) - self.log_volume

    def drawn_mask(self, members: Tensor) -> Tensor:
        """Return a mask for every cell, with the gradient of its relaxation, ``(n, P, L)``.

        Binary concrete at temperature 1 (Maddison et al. 2017), straight through.
        """
        closed = torch.full_like(self.mask_logit[:1], -OPEN)
        logits = torch.cat([self.mask_logit, closed])[members]
        uniform = torch.rand_like(logits).clamp(1e-6, 1.0 - 1e-6)
        soft = (logits + uniform.logit()).sigmoid()
        return (soft > 0.5).to(soft) + soft - soft.detach()

    def sparsity(self, members: Tensor) -> Tensor:
        """Return the cost of the open targets of each cell, shape ``(n,)``."""
        cost = self.costs().of(self.shift.detach(), self.cells)
        return self.strictness * effects(cost * self.probability(), members).sum(-1)

    def costs(self) -> Costs:
        """Return what an open target costs."""
        entries = self.shift.shape[-1] * self.shift.shape[-2]
        chance = max(0.0, math.log(max(entries, 1) / self.config.false_targets))
        return Costs(self.config.sparsity, self.config.relative_sparsity, chance)

    def mask_prior(self) -> Tensor:
        """Return minus the log density of Beta(1, s) at every probability, per training cell."""
        s = self.config.beta_penalty
        closed = (1.0 - self.probability()).clamp_min(1e-6)
        # A constant of s, left out by nobody: the loss is to be read beside the published one.
        density = math.log(s) + (s - 1.0) * closed.log()
        return -density.sum() / self.cells.sum().clamp_min(1.0)

    def decoder_weight(self) -> Tensor:
        """Return the sum of squared decoder weights, biases left out."""
        weights = [*self.decoder.weights, self.rate_weight]
        return torch.stack([weight.square().sum() for weight in weights]).sum()

    def monitor(self, state: Mapping[str, Tensor]) -> dict[str, float]:
        """Return the number of open targets."""
        if self.config.prior != "sparse":
            return {}
        return {"open_targets": float((state["mask_logit"] > 0).sum())}
