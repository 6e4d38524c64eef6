r"""The autoencoder of scGen (Lotfollahi et al. 2019), a variational one of expression.

``z ~ N(0, I)``, ``x ~ N(f(z), s² I)`` up to a constant, ``q(z | x) = N(m, diag v)``. It is told
neither type nor condition of a cell.

Shapes: ``x`` (n, G) log-normalised expression; ``z, m, v`` (n, L).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import linear

from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.nn.hidden_layers import HiddenLayers, linear_start
from scdyn_core.training.module import EpochContext, TrainableModule

#: Added to every posterior variance.
LEAST_VARIANCE = 1e-4
#: Cells that the moments of batch normalisation are of, about.
MOST_REMEMBERED = 4096


class ScgenNetwork(TrainableModule):
    """Encoder and decoder.

    Parameters
    ----------
    mean, scale
        Mean of every gene over the training cells, and what its residuals are divided by, ``(G,)``.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, config: ScgenConfig, mean: Tensor, scale: Tensor, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.config = config
        genes, hidden = len(mean), [config.hidden] * config.layers
        normalised = config.normalisation == "batch"
        self.encoder = HiddenLayers(
            [genes, *hidden], config.activation, generator,
            normalised=normalised, dropped=config.dropout,
        )  # fmt: skip
        self.mean_weight, self.mean_bias = linear_start(config.hidden, config.latents, generator)
        self.spread_weight, self.spread_bias = linear_start(
            config.hidden, config.latents, generator
        )
        self.decoder = HiddenLayers(
            [config.latents, *hidden], config.activation, generator,
            normalised=normalised, dropped=config.dropout,
        )  # fmt: skip
        self.out_weight, self.out_bias = linear_start(config.hidden, genes, generator)
        self.register_buffer("mean", mean.float())
        self.register_buffer("scale", scale.float())

    def forward(self, batch: Mapping[str, Tensor], terms: frozenset[str]) -> dict[str, Tensor]:
        """Return ``reconstruction`` (half the squared error of a cell), ``kl``, and ``decay``."""
        m, v = self.posterior(batch["x"])
        z = m + v.sqrt() * torch.randn_like(m) if self.training else m
        residual = (batch["x"] - self.decode(z)) * self.scale
        losses = {
            "reconstruction": 0.5 * residual.square().sum(-1).mean(),
            "kl": 0.5 * (m.square() + v - 1.0 - v.log()).sum(-1).mean(),
        }
        if "decay" in terms:
            losses["decay"] = 0.5 * sum(
                (each.square().sum() for each in self.parameters()), m.new_zeros(())
            )
        return losses

    def latent(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the posterior means, shape ``(n, L)``."""
        return self.posterior(batch["x"])[0]

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and variance of the latents of every cell, each ``(n, L)``."""
        hidden = self.encoder((x - self.mean) * self.scale)
        m = linear(hidden, self.mean_weight, self.mean_bias)
        v = linear(hidden, self.spread_weight, self.spread_bias).exp() + LEAST_VARIANCE
        return m, v

    def decode(self, z: Tensor) -> Tensor:
        """Return the expression that latents stand for, shape ``(n, G)``."""
        return self.mean + linear(self.decoder(z), self.out_weight, self.out_bias) / self.scale

    def after_epoch(
        self, state: dict[str, Tensor], data: Mapping[str, Tensor], context: EpochContext
    ) -> None:
        """Keep the moments that batch normalisation evaluates by: those of the training cells."""
        if self.config.normalisation != "batch":
            return
        # The weights of this form are nobody's: those of a replicate are put there to be read.
        self.load_state_dict(state)
        was_training = self.training
        self.eval()
        x = data["x"][:: max(1, len(data["x"]) // MOST_REMEMBERED)]
        for layer, found in enumerate(self.encoder.remember((x - self.mean) * self.scale)):
            state[f"encoder.moments_{layer}"].copy_(found)
        self.load_state_dict(state)
        m, v = self.posterior(x)
        # Draws, as the decoder sees them in training: means alone spread less.
        for layer, found in enumerate(self.decoder.remember(m + v.sqrt() * torch.randn_like(m))):
            state[f"decoder.moments_{layer}"].copy_(found)
        self.train(was_training)
