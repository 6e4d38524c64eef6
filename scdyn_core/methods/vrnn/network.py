r"""The variational recurrent network (Chung et al., NeurIPS 2015) of one value per time.

For every gene and time, with ``h_0 = 0``: posterior ``q(z_t | x_t, h_{t-1})``, prior
``p(z_t | h_{t-1})``, decoder ``p(x_t | z_t, h_{t-1})`` and recurrence
``h_t = f(x_t, z_t, gap_t, h_{t-1})``, all Gaussians diagonal. Loss: the negative evidence lower
bound ``-log p(x_t | z_t, h_{t-1}) + beta KL(q || p)``, summed over times, averaged over genes.

Shapes: ``x, variance`` (B, T) the scaled curves and the variances of their values; ``gap`` (T,);
``z`` (T, B, Z); ``h`` (T, B, H).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from scdyn_core.methods.vrnn.cells import GATES, PARTS, State, step
from scdyn_core.methods.vrnn.config import VrnnConfig
from scdyn_core.methods.vrnn.reader import Reader
from scdyn_core.nn.mlp import MLP
from scdyn_core.training.module import EpochContext, TrainableModule


@dataclass(frozen=True)
class Seen:
    """A batch as the network sees it.

    Attributes
    ----------
    x, variance
        Values and their variances, shape ``(B, T)``.
    hidden
        Which values are to be predicted from the others only; ``None``: none.
    """

    x: Tensor
    variance: Tensor
    hidden: Tensor | None = None

    @classmethod
    def whole(cls, batch: Mapping[str, Tensor]) -> Seen:
        """See everything."""
        return cls(batch["x"], batch["variance"])


@dataclass(frozen=True)
class Path:
    """One pass through the times.

    Attributes
    ----------
    mean, log_variance
        Of the posterior, shape ``(T, B, Z)``.
    z
        Drawn from it, or its mean.
    before, after
        State before and after each time, shape ``(T, B, H)``.
    """

    mean: Tensor
    log_variance: Tensor
    z: Tensor
    before: Tensor
    after: Tensor


class VrnnNetwork(TrainableModule):
    """Encoder, prior, decoder and recurrence.

    Parameters
    ----------
    gap
        Time since the previous one on the network's scale, shape ``(T,)``.
    seed
        Decides the start weights.
    """

    gap: Tensor
    beta: Tensor

    def __init__(self, config: VrnnConfig, gap: Tensor, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.config = config
        hidden, latents = config.hidden, config.latents
        # Prior and encoder end in mean and log variance.
        self.prior = MLP((hidden, *config.widths, 2 * latents), "relu", generator)
        self.encoder = Reader(hidden, 1, config.widths, 2 * latents, generator)
        self.decoder = Reader(hidden, latents, config.decoder_widths, 1, generator)
        rows, bound = GATES[config.cell] * hidden, hidden**-0.5

        def uniform(*shape: int) -> nn.Parameter:
            return nn.Parameter((2 * torch.rand(*shape, generator=generator) - 1) * bound)

        self.value_weight, self.gap_weight = uniform(rows), uniform(rows)
        self.latent_weight, self.latent_bias = uniform(rows, latents), uniform(rows)
        self.state_weight, self.state_bias = uniform(rows, hidden), uniform(rows)
        self.register_buffer("gap", gap if config.time_gaps else torch.zeros_like(gap))
        self.register_buffer("beta", torch.tensor(0.0 if config.annealing else config.weight_kl))

    def forward(self, batch: Mapping[str, Tensor], terms: frozenset[str]) -> dict[str, Tensor]:
        """Return ``reconstruction`` and ``kl``, the latter already weighed by the annealing."""
        hides = self.training and self.config.hide > 0
        seen = with_hidden_times(batch, self.config.hide) if hides else Seen.whole(batch)
        path = self.follow(seen.x, sampled=True, hidden=seen.hidden)
        prior = self.prior(path.before).chunk(2, dim=-1)
        divergence = kl(path.mean, path.log_variance, *prior) / len(seen.x)
        return {
            "reconstruction": self.misfit(self.decoded(path), seen).sum(1).mean(),
            "kl": self.beta * divergence,
        }

    def latent(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the posterior means of all times, shape ``(n, T Z)``."""
        return self.follow(batch["x"], sampled=False).mean.transpose(0, 1).flatten(1)

    def follow(self, x: Tensor, *, sampled: bool, hidden: Tensor | None = None) -> Path:
        """Pass through the times with the posterior, or the prior where a time is hidden.

        Parameters
        ----------
        x
            Shape ``(B, T)``.
        sampled
            Whether latents are drawn; their means otherwise.
        hidden
            Which values must not be looked at, shape ``(B, T)``.
        """
        values = x.t().unsqueeze(-1)
        # Indexing in the loop would fill a tensor of all times with zeros for every gradient.
        gates = self.input_gates(values, self.gap).unbind()
        added = self.encoder.added(values).unbind()
        masks = None if hidden is None else hidden.t().unsqueeze(-1)
        shape = (*x.t().shape, self.config.latents)
        noise = torch.randn(shape, device=x.device, dtype=x.dtype).unbind() if sampled else None
        state = self.start(x)
        before, after, means, log_variances, drawn = [], [], [], [], []
        for t, gate in enumerate(gates):
            before.append(state[0])
            posterior = self.encoder(state[0], added[t])
            if masks is not None:
                posterior = torch.where(masks[t], self.prior(state[0]), posterior)
            mean, log_variance = posterior.chunk(2, dim=-1)
            z = mean if noise is None else torch.addcmul(mean, (0.5 * log_variance).exp(), noise[t])
            if masks is not None:
                gate = gate + masks[t] * self.instead(values[t], state[0], z)
            state = self.moved(gate, z, state)
            after.append(state[0])
            means.append(mean)
            log_variances.append(log_variance)
            drawn.append(z)
        return Path(*map(torch.stack, (means, log_variances, drawn, before, after)))

    def instead(self, value: Tensor, h: Tensor, z: Tensor) -> Tensor:
        """Return what changes in the gates when the decoded value takes a measured one's place.

        ``value`` has shape ``(B, 1)``. A decoder that reads the updated state cannot be asked
        yet: the mean of all values, zero, stands in.
        """
        previous = self.config.decoder_state == "previous"
        known = self.decode(h, z).unsqueeze(-1) if previous else torch.zeros_like(value)
        return (known - value) * self.value_weight

    def start(self, x: Tensor) -> State:
        """Return the state before the first time."""
        zero = torch.zeros(len(x), self.config.hidden, device=x.device, dtype=x.dtype)
        return (zero,) * PARTS[self.config.cell]

    def input_gates(self, values: Tensor, gap: Tensor) -> Tensor:
        """Return what values ``(T, B, 1)`` and gaps ``(T,)`` add to the gates, ``(T, B, rows)``."""
        own = gap.view(-1, 1, 1) * self.gap_weight + self.latent_bias
        return torch.addcmul(own, values, self.value_weight)

    def moved(self, gates: Tensor, z: Tensor, state: State) -> State:
        """Return the state after a time."""
        inputs = gates + linear(z, self.latent_weight)
        hidden = linear(state[0], self.state_weight, self.state_bias)
        return step(self.config.cell, inputs, hidden, state)

    def decoded(self, path: Path) -> Tensor:
        """Return the mean of every value, shape ``(B, T)``."""
        previous = self.config.decoder_state == "previous"
        return self.decode(path.before if previous else path.after, path.z).t()

    def decode(self, h: Tensor, z: Tensor) -> Tensor:
        """Return the mean of a value, shape of ``z`` without its last axis."""
        value: Tensor = self.decoder(h, self.decoder.added(z)).squeeze(-1)
        return value

    def misfit(self, mean: Tensor, seen: Seen) -> Tensor:
        """Return the negative log likelihood of every value, up to a constant for unit noise."""
        square = (seen.x - mean).square()
        if self.config.likelihood == "unit":
            return 0.5 * square
        return 0.5 * (square / seen.variance + seen.variance.log() + math.log(2 * math.pi))

    def after_epoch(
        self, state: dict[str, Tensor], data: Mapping[str, Tensor], context: EpochContext
    ) -> None:
        """Let the weight of the divergence grow."""
        span = max(self.config.annealing * context.epochs, 1.0)
        state["beta"].fill_(self.config.weight_kl * min(context.epoch / span, 1.0))


def with_hidden_times(batch: Mapping[str, Tensor], share: float) -> Seen:
    """Hide one random time of a random ``share`` of the genes.

    What is hidden must not tell the scale of the gene either: ``centre_without`` and
    ``divisor_without`` say where the other times alone would put it.
    """
    x = batch["x"]
    genes, times = x.shape
    chosen = torch.randint(times, (genes, 1), device=x.device)
    hides = torch.rand(genes, 1, device=x.device) < share
    centre = torch.where(hides, batch["centre_without"].gather(1, chosen), 0.0)
    divisor = torch.where(hides, batch["divisor_without"].gather(1, chosen), 1.0)
    hidden = (torch.arange(times, device=x.device) == chosen) & hides
    return Seen((x - centre) / divisor, batch["variance"] / divisor.square(), hidden)


def kl(mean: Tensor, log_variance: Tensor, other: Tensor, other_log_variance: Tensor) -> Tensor:
    """Return the divergence of one Gaussian from another, summed over everything."""
    precision = (-other_log_variance).exp()
    square = torch.addcmul(log_variance.exp(), mean - other, mean - other)
    scaled = torch.dot(precision.flatten(), square.flatten())
    return 0.5 * (scaled + other_log_variance.sum() - log_variance.sum() - mean.numel())
