r"""Autoencoders whose latents are the state of a cell, apart from what its perturbation does.

``z ~ N(0, I)``, ``ρ = softmax(f(z, …) + Δ)``, ``x_g ~ NB(library · ρ_g, θ_g)``, and
``q(z | x, label) = N(m, diag v)``. What the label does stands, as asked for,

- on log rates: ``Δ`` are changes along paths of the network, and the encoder reads the counts with
  these changes taken out;
- on nodes: the decoder reads the vector beside ``z`` (GPO-VAE, Baek et al. 2025);
- on latents: the decoder reads ``z + e`` (SAMS-VAE, CPA-VAE).

Cells that fail quality control may shift the decoder's and the encoder's first layer by a vector of
their own, ``q E_q``.

Shapes: ``x`` (B, G) counts; ``z, m, v`` (R, L) for R rows, each a cell under one draw; effects
(P, A, W) for draws, labels and the width of their space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, softplus

from scdyn_core.methods.gpo_vae.alignment import Alignment
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.effects import DrawnEffects, PathEffects
from scdyn_core.methods.perturbations.reading import Reading
from scdyn_core.nn.hidden_layers import linear_start
from scdyn_core.nn.negative_binomial import log_likelihood
from scdyn_core.nn.residual_layers import ResidualLayers
from scdyn_core.training.module import EpochContext, TrainableModule

#: Added to every posterior variance.
LEAST_VARIANCE = 1e-4
State = dict[str, Tensor]


@dataclass(frozen=True)
class Drawn:
    """Effects as drawn in a step.

    Attributes
    ----------
    effects
        Of every label, shape ``(P, A, W)``.
    divergence
        From their prior, nats, all targets together.
    quality
        What failing quality control adds, shape ``(P, L)``; ``None`` where it is not asked for.
    """

    effects: Tensor
    divergence: Tensor
    quality: Tensor | None


class GpoNetwork(TrainableModule):
    """Encoder, decoder and the effects of perturbations.

    Parameters
    ----------
    cells
        Number of training cells, among which the divergence of the effects is shared.
    effects
        On rates; others are built here.
    """

    mean: Tensor
    scale: Tensor
    beta: Tensor

    def __init__(
        self,
        config: GpoVaeConfig,
        reading: Reading,
        cells: int,
        seed: int,
        effects: PathEffects | None,
    ) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.config, self.depth = config, reading.depth
        self.training_cells = cells
        genes, latents, hidden = len(reading.mean), config.latents, config.hidden
        width = {"rates": genes, "nodes": reading.targets, "latents": latents}[config.acts_on]
        self.effects = effects or DrawnEffects(config, reading, width, generator)
        self.encoder = ResidualLayers(
            genes, hidden, config.encoder_layers, config.activation, generator
        )
        self.mean_weight, self.mean_bias = linear_start(hidden, latents, generator)
        self.spread_weight, self.spread_bias = linear_start(hidden, latents, generator)
        self.decoder = ResidualLayers(
            latents + reading.batches, hidden, config.decoder_layers, config.activation, generator
        )
        self.rate_weight, _ = linear_start(hidden, genes, generator)
        self.rate_bias = nn.Parameter(reading.log_share.clone())
        self.log_dispersion = nn.Parameter(torch.full((genes,), 2.0))
        if config.acts_on != "rates":
            self.encoder_effect, _ = linear_start(width, hidden, generator)
        if config.acts_on == "nodes":
            self.decoder_effect, _ = linear_start(width, hidden, generator)
        if config.quality:
            self.quality_mean = nn.Parameter(torch.zeros(latents))
            self.quality_log_variance = nn.Parameter(torch.zeros(latents))
            self.encoder_quality, _ = linear_start(latents, hidden, generator)
            self.decoder_quality, _ = linear_start(latents, hidden, generator)
        self.align = Alignment(config)
        self.register_buffer("mean", reading.mean)
        self.register_buffer("scale", reading.scale)
        self.register_buffer("beta", torch.tensor(0.0 if config.kl_epochs else config.weight_kl))

    def forward(self, batch: Mapping[str, Tensor], terms: frozenset[str]) -> dict[str, Tensor]:
        """Return ``reconstruction`` and ``kl`` (weighed by its warm-up), and what else is asked.

        ``effects``: divergence of the effects, per cell; ``edges``: cost of the network, per cell;
        ``counterfactual``, ``alignment`` and ``penalty`` as published.
        """
        drawn = self.drawn()
        cell, draw = self.rows(len(batch["label"]), len(drawn.effects), batch["label"].device)
        m, v = self.posterior(batch, drawn, cell, draw)
        z = m + v.sqrt() * torch.randn_like(m)
        log_mean = batch["library"][cell].unsqueeze(-1) + self.log_rates(
            z, batch, drawn, cell, draw
        )
        likelihood = log_likelihood(batch["counts"][cell], log_mean, self.log_dispersion).sum(-1)
        losses = {
            "reconstruction": batch["log_factorials"].mean() - likelihood.mean(),
            "kl": self.beta * divergence(m, v).mean(),
        }
        if "effects" in terms:
            losses["effects"] = drawn.divergence / self.training_cells
        if "edges" in terms and isinstance(self.effects, PathEffects):
            losses["edges"] = self.effects.penalty()
        if "counterfactual" in terms:
            losses["counterfactual"] = self.config.counterfactual * self._counterfactual(
                batch, drawn, cell, draw
            )
        if isinstance(self.effects, DrawnEffects) and "alignment" in terms:
            logit, members = self.effects.mask_logit, self.effects.members
            losses["alignment"] = self.align.misfit(logit, members, batch)
        if isinstance(self.effects, DrawnEffects) and "penalty" in terms:
            losses["penalty"] = self.align.penalty(self.effects.mask_logit)
        return losses

    def latent(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the posterior means under the expected effects, shape ``(n, L)``."""
        cell, draw = self.rows(len(batch["label"]), 1, batch["label"].device)
        return self.posterior(batch, self.expected(), cell, draw)[0]

    def drawn(self) -> Drawn:
        """Draw the effects of all perturbations, and of failing quality control."""
        effects, divergence_of_effects = self.effects.draws()
        if not self.config.quality:
            return Drawn(effects, divergence_of_effects, None)
        m, v = self.quality_mean, self.quality_log_variance.exp() + LEAST_VARIANCE
        noise = torch.randn(len(effects), len(m), device=m.device)
        total = divergence_of_effects + divergence(m, v)
        return Drawn(effects, total, m + noise * v.sqrt())

    def expected(self) -> Drawn:
        """Return what all perturbations are expected to do, as a single draw."""
        effects = self.effects.mean().unsqueeze(0)
        quality = self.quality_mean.unsqueeze(0) if self.config.quality else None
        return Drawn(effects, effects.new_zeros(()), quality)

    def rows(self, cells: int, draws: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """Return cell and draw of every row: each cell under all draws, or under one in turn."""
        number = torch.arange(cells, device=device)
        if not self.config.every_draw:
            return number, number % draws
        draw = torch.arange(draws, device=device).repeat_interleave(cells)
        return number.repeat(draws), draw

    def posterior(
        self, batch: Mapping[str, Tensor], drawn: Drawn, cell: Tensor, draw: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return mean and variance of the latents of every row, each ``(R, L)``."""
        label = batch["label"].long()
        if self.config.acts_on == "rates":
            first = self.encoder.first(self.inputs(batch, drawn.effects[0][label]))
            return self.read(self._with_quality(first, batch, drawn, draw, "encoder"))
        first = self.encoder.first(self.inputs(batch, None))[cell]
        shared = linear(drawn.effects, self.encoder_effect)
        first = first + shared[draw, label[cell]]
        return self.read(self._with_quality(first, batch, drawn, draw, "encoder", cell))

    def read(self, first: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and variance from the encoder's first layer, each ``(R, L)``."""
        hidden = self.encoder.deeper(first)
        m = linear(hidden, self.mean_weight, self.mean_bias)
        v = linear(hidden, self.spread_weight, self.spread_bias).exp() + LEAST_VARIANCE
        return m, v

    def inputs(self, batch: Mapping[str, Tensor], change: Tensor | None) -> Tensor:
        """Return what the encoder reads of every cell, shape of the counts.

        Parameters
        ----------
        change
            Log change of every gene that is taken out again, shape of the counts.
        """
        counts = batch["counts"]
        if self.config.standardise:
            counts = counts * (self.depth - batch["library"]).exp().unsqueeze(-1)
        seen = counts.log1p()
        if change is not None:
            # Of a gene at its mean level: what is left is not exact, but nearly without effect.
            changed = softplus(self.mean.expm1().log() + change)
            seen = seen - changed + self.mean
        return (seen - self.mean) * self.scale

    def log_rates(
        self,
        z: Tensor,
        batch: Mapping[str, Tensor],
        drawn: Drawn,
        cell: Tensor,
        draw: Tensor,
    ) -> Tensor:
        """Return the log share of every gene in the counts of every row, shape ``(R, G)``."""
        label = batch["label"].long()[cell]
        if self.config.acts_on == "latents":
            z = z + drawn.effects[draw, label]
        if "batch" in batch:
            z = torch.cat([z, batch["batch"][cell]], dim=-1)
        first = self.decoder.first(z)
        if self.config.acts_on == "nodes":
            first = first + linear(drawn.effects, self.decoder_effect)[draw, label]
        first = self._with_quality(first, batch, drawn, draw, "decoder", cell)
        rates = linear(self.decoder.deeper(first), self.rate_weight, self.rate_bias)
        if self.config.acts_on == "rates":
            rates = rates + drawn.effects[draw, label]
        return rates.log_softmax(-1)

    def after_epoch(self, state: State, data: Mapping[str, Tensor], context: EpochContext) -> None:
        """Let the weight of the divergence grow; in the end close edges that are next to none."""
        share = min(context.epoch / max(self.config.kl_epochs, 1), 1.0)
        state["beta"].fill_(self.config.weight_kl * share)
        if context.epoch == context.epochs and "effects.coefficients" in state:
            edges = state["effects.coefficients"]
            edges.mul_(edges.abs() >= CLOSED * self.config.size)

    def monitor(self, state: Mapping[str, Tensor]) -> dict[str, float]:
        """Return the number of edges, or of effects that are more likely there than not."""
        if "effects.coefficients" in state:
            edges = state["effects.coefficients"].abs() * state["effects.allowed"]
            return {"edges": float((edges > STRONG).sum())}
        return {"open_effects": float((state["effects.mask_logit"] > 0).sum())}

    def _with_quality(
        self,
        first: Tensor,
        batch: Mapping[str, Tensor],
        drawn: Drawn,
        draw: Tensor,
        where: str,
        cell: Tensor | None = None,
    ) -> Tensor:
        """Add what failing quality control adds to a first layer, shape of ``first``."""
        if drawn.quality is None:
            return first
        weight = self.encoder_quality if where == "encoder" else self.decoder_quality
        fails = batch["fails"] if cell is None else batch["fails"][cell]
        return first + fails.unsqueeze(-1) * linear(drawn.quality, weight)[draw]

    def _counterfactual(
        self, batch: Mapping[str, Tensor], drawn: Drawn, cell: Tensor, draw: Tensor
    ) -> Tensor:
        """Return how far latents are from those of what the cell might have been, per cell.

        ``KL(q(z | profile of the other quality) | q(z | x, other quality))``.
        """
        other = {**batch, "fails": 1.0 - batch["fails"]}
        known = batch["has_counterfactual"][cell]
        counts = batch["counterfactual"]
        profile = {"counts": counts, "library": counts.sum(-1).clamp_min(1.0).log()}
        m1, v1 = self.posterior({**other, **profile}, drawn, cell, draw)
        m2, v2 = self.posterior(other, drawn, cell, draw)
        distance = 0.5 * ((v1 + (m1 - m2).square()) / v2 - 1.0 + v2.log() - v1.log()).sum(-1)
        return (distance * known).sum() / known.sum().clamp_min(1.0)


#: Coefficient from which on an edge is counted while training.
STRONG = 0.1
#: Share of the expected size of a coefficient below which it is none: gradients never end at 0.
CLOSED = 0.04


def divergence(m: Tensor, v: Tensor) -> Tensor:
    """Return the divergence of ``N(m, v)`` from the standard normal, shape of all but the last."""
    found: Tensor = 0.5 * (m.square() + v - 1.0 - v.log()).sum(-1)
    return found
