r"""A variational autoencoder of counts (Lopez et al. 2018, doi:10.1038/s41592-018-0229-2).

``z ~ N(0, I)``, ``ρ, l = f(z, batch)``, ``x_g ~ ZINB(library · ρ_g, θ_g, σ(l_g))`` or without ``l``
``NB(library · ρ_g, θ_g)``; ``q(z | x) = N(m(x), diag v(x))``. The library of a cell is observed:
its counts of the genes used.

Shapes: ``x`` (n, G) counts; ``z, m, v`` (n, L); ``ρ, l`` (n, G); ``θ`` (G,), or (batches, G).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, linear

from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.reading import Reading
from scdyn_core.nn import negative_binomial, zero_inflated
from scdyn_core.nn.hidden_layers import HiddenLayers, linear_start
from scdyn_core.training.module import EpochContext, TrainableModule

#: Added to every posterior variance.
LEAST_VARIANCE = 1e-4
#: Log odds of a zero beyond the negative binomial that an informed start has: rare.
RARE = -3.0
#: Cells that the moments of batch normalisation are of, about.
MOST_REMEMBERED = 4096
#: Standard deviations that a gene is read at most: a count of a gene that hardly any training cell
#: has would be a hundred, and send the posterior of an unseen cell out of all bounds.
FARTHEST = 10.0
#: Names of the phases.
WARM_UP, FIT = "warm up", "fit"
State = dict[str, Tensor]
Cells = Mapping[str, Tensor]


@dataclass(frozen=True)
class Decoded:
    """What the decoder says of cells.

    Attributes
    ----------
    log_share
        Log share of every gene in the counts of a cell, shape ``(…, G)``.
    log_dispersion
        Shape ``(G,)`` or ``(n, G)``.
    dropout
        Log odds of a zero beyond the negative binomial, shape ``(…, G)``; ``None`` without.
    """

    log_share: Tensor
    log_dispersion: Tensor
    dropout: Tensor | None


class ScviNetwork(TrainableModule):
    """Encoder, decoder and dispersions."""

    mean: Tensor
    scale: Tensor
    beta: Tensor

    def __init__(self, config: ScviConfig, reading: Reading, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.config, self.depth = config, reading.depth
        genes, inner = len(reading.mean), [config.hidden] * config.layers
        told = reading.batches if config.batch != "none" else 0
        normalised = config.normalisation == "batch"
        self.encoder = HiddenLayers(
            [genes + (told if config.batch == "both" else 0), *inner], config.activation,
            generator, normalised=normalised, dropped=config.dropout,
        )  # fmt: skip
        self.mean_weight, self.mean_bias = linear_start(config.hidden, config.latents, generator)
        self.spread_weight, self.spread_bias = linear_start(
            config.hidden, config.latents, generator
        )
        self.decoder = HiddenLayers(
            [config.latents + told, *inner], config.activation, generator, normalised=normalised
        )
        self.rate_weight, self.rate_bias = linear_start(config.hidden, genes, generator)
        by_batch = config.dispersion == "gene-batch" and reading.batches > 0
        shape = (reading.batches, genes) if by_batch else (genes,)
        self.log_dispersion = nn.Parameter(torch.randn(shape, generator=generator))
        if config.likelihood == "zinb":
            self.dropout_weight, self.dropout_bias = linear_start(config.hidden, genes, generator)
        if config.informed_start:
            self._begin_from(reading)
        self.register_buffer("mean", reading.mean)
        self.register_buffer("scale", reading.scale)
        self.register_buffer("beta", torch.tensor(0.0 if config.kl_epochs else config.weight_kl))

    @torch.no_grad()
    def _begin_from(self, reading: Reading) -> None:
        self.rate_bias.copy_(reading.log_share)
        self.log_dispersion.copy_(reading.log_dispersion)
        if self.config.likelihood == "zinb":
            self.dropout_bias.fill_(RARE)

    def forward(self, batch: Cells, terms: frozenset[str]) -> dict[str, Tensor]:
        """Return ``reconstruction``, ``kl`` (as its warm-up weighs it) and ``decay``, nats."""
        m, v = self.posterior(batch)
        z = m + v.sqrt() * torch.randn_like(m)
        likelihood = self.log_likelihood(batch, self.decoded(z, batch))
        losses = {
            "reconstruction": -likelihood.mean(),
            "kl": self.beta * divergence(m, v).mean(),
        }
        if "decay" in terms:
            losses["decay"] = self.config.weight_decay * self.half_squares()
        return losses

    def latent(self, batch: Cells) -> Tensor:
        """Return the posterior means, shape ``(n, L)``."""
        return self.posterior(batch)[0]

    def posterior(self, batch: Cells) -> tuple[Tensor, Tensor]:
        """Return means and variances of the latents, each ``(n, L)``."""
        hidden = self.encoder(self.inputs(batch))
        m = linear(hidden, self.mean_weight, self.mean_bias)
        v = linear(hidden, self.spread_weight, self.spread_bias).exp() + LEAST_VARIANCE
        return m, v

    def inputs(self, batch: Cells) -> Tensor:
        """Return what the encoder reads, shape ``(n, G)`` or with the batches behind."""
        x = batch["counts"]
        if self.config.standardise:
            x = x * (self.depth - batch["library"]).exp().unsqueeze(-1)
            x = ((x.log1p() - self.mean) * self.scale).clamp(-FARTHEST, FARTHEST)
        else:
            x = x.log1p()
        if self.config.input_dropout and self.training:
            x = dropout(x, self.config.input_dropout)
        if self.config.batch == "both" and "batch" in batch:
            x = torch.cat([x, batch["batch"]], dim=-1)
        return x

    def decoded(self, z: Tensor, batch: Cells) -> Decoded:
        """Return what the decoder says of latents of cells, shape ``(…, n, L)``."""
        hidden = self.decoder(self.with_batch(z, batch))
        odds = None
        if self.config.likelihood == "zinb":
            odds = linear(hidden, self.dropout_weight, self.dropout_bias)
        dispersion: Tensor = self.log_dispersion
        if dispersion.dim() > 1:
            dispersion = batch["batch"] @ dispersion
        rates = linear(hidden, self.rate_weight, self.rate_bias)
        return Decoded(rates.log_softmax(-1), dispersion, odds)

    def with_batch(self, z: Tensor, batch: Cells) -> Tensor:
        """Return what the decoder reads, shape ``(…, n, L)`` or with the batches behind."""
        if self.config.batch == "none" or "batch" not in batch:
            return z
        return torch.cat([z, batch["batch"].expand(*z.shape[:-1], -1)], dim=-1)

    def log_likelihood(self, batch: Cells, decoded: Decoded) -> Tensor:
        """Return the log likelihood of every cell in nats, shape ``(…, n)``."""
        log_mean = batch["library"].unsqueeze(-1) + decoded.log_share
        counts = batch["counts"].expand_as(log_mean)
        if decoded.dropout is None:
            each = negative_binomial.log_likelihood(counts, log_mean, decoded.log_dispersion)
        else:
            each = zero_inflated.log_likelihood(
                counts, log_mean, decoded.log_dispersion, decoded.dropout
            )
        return each.sum(-1) - batch["log_factorials"]

    def half_squares(self) -> Tensor:
        """Return half of the sum of all squared parameters: its slope is torch's weight decay."""
        squares = [value.square().sum() for value in self.parameters()]
        return 0.5 * torch.stack(squares).sum()

    def after_epoch(self, state: State, data: Cells, context: EpochContext) -> None:
        """Let the weight of the divergence grow; find the moments of batch normalisation."""
        config = self.config
        done = context.epoch if context.phase == WARM_UP else config.kl_epochs
        state["beta"].fill_(config.weight_kl * min(done / max(config.kl_epochs, 1), 1.0))
        if config.normalisation == "batch":
            self._remember(state, data)

    def _remember(self, state: State, data: Cells) -> None:
        """Keep the moments by which batch normalisation evaluates: those of cells all through."""
        # The weights of this form are nobody's: those of a replicate are put there to be read.
        self.load_state_dict(state)
        was_training = self.training
        self.eval()
        step = max(1, len(data["counts"]) // MOST_REMEMBERED)
        some = {name: value[::step] for name, value in data.items()}
        for layer, found in enumerate(self.encoder.remember(self.inputs(some))):
            state[f"encoder.moments_{layer}"].copy_(found)
        self.load_state_dict(state)
        m, v = self.posterior(some)
        # Draws, as the decoder sees them in training: means alone spread less.
        z = m + v.sqrt() * torch.randn_like(m)
        for layer, found in enumerate(self.decoder.remember(self.with_batch(z, some))):
            state[f"decoder.moments_{layer}"].copy_(found)
        self.train(was_training)


def divergence(m: Tensor, v: Tensor) -> Tensor:
    """Return the divergence of ``N(m, v)`` from the standard normal, shape of all but the last."""
    found: Tensor = 0.5 * (m.square() + v - 1.0 - v.log()).sum(-1)
    return found
