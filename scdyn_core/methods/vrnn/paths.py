"""Values the network never saw: random paths through the times, weighed by what was measured.

At a measured time ``z`` is drawn from the posterior and the path's weight is multiplied by
``p(x | z, h) p(z | h) / q(z | x, h)``; at a hidden one ``z`` comes from the prior and the decoded
value goes on to the next state. Weighted means over paths are then means given all that was
measured, before and after the hidden time (importance sampling; Doucet and Johansen 2009).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from scdyn_core.methods.vrnn.network import VrnnNetwork


@torch.no_grad()
def weighted_paths(
    network: VrnnNetwork, x: Tensor, variance: Tensor, scatter: Tensor, samples: int, seed: int
) -> tuple[Tensor, Tensor]:
    """Return mean and standard deviation of every gene's true value at all times, ``(B, T)``.

    Parameters
    ----------
    x, variance
        Values as the network reads them and their variances, shape ``(B, T)``; an infinite
        variance hides a time.
    scatter
        Variance of the true value about what the network decodes, shape ``(B, T)``.
    """
    generator = torch.Generator().manual_seed(seed)
    genes, times = x.shape
    known = torch.isfinite(variance)
    wide = x.repeat_interleave(samples, 0)
    state = network.start(wide)
    weight = torch.zeros(genes * samples)
    decoded = []
    previous = network.config.decoder_state == "previous"
    for t in range(times):
        seen = known[:, t].repeat_interleave(samples)
        added = network.encoder.added(wide[:, t : t + 1])
        mean, log_variance = network.encoder(state[0], added).chunk(2, dim=-1)
        prior_mean, prior_log_variance = network.prior(state[0]).chunk(2, dim=-1)
        noise = torch.randn(mean.shape, generator=generator)
        mine = torch.where(seen.unsqueeze(1), mean, prior_mean)
        own = torch.where(seen.unsqueeze(1), log_variance, prior_log_variance)
        z = mine + (0.5 * own).exp() * noise
        value = network.decode(state[0], z) if previous else None
        read = wide[:, t : t + 1]
        gates = network.input_gates(read.unsqueeze(0), network.gap[t : t + 1])[0]
        gates = gates + ~seen.unsqueeze(1) * network.instead(read, state[0], z)
        state = network.moved(gates, z, state)
        value = network.decode(state[0], z) if value is None else value
        decoded.append(value)
        ratio = _log_normal(z, prior_mean, prior_log_variance) - _log_normal(z, mean, log_variance)
        spread = variance[:, t].repeat_interleave(samples)
        fit = -0.5 * ((wide[:, t] - value).square() / spread + spread.log())
        weight = weight + torch.where(seen, ratio + fit, torch.zeros_like(weight))
    paths = torch.stack(decoded, 1).view(genes, samples, times)
    share = weight.view(genes, samples, 1).softmax(1)
    mean = (share * paths).sum(1)
    spread = (share * (paths - mean.unsqueeze(1)).square()).sum(1)
    return _with_scatter(mean, spread, x, variance, scatter)


def _log_normal(z: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
    square = (z - mean).square() * (-log_variance).exp()
    return -0.5 * (square + log_variance + math.log(2 * math.pi)).sum(1)


def _with_scatter(
    mean: Tensor, spread: Tensor, x: Tensor, variance: Tensor, scatter: Tensor
) -> tuple[Tensor, Tensor]:
    """Take in what a measurement says of a value's own scatter about the network's."""
    share = torch.where(torch.isfinite(variance), scatter / variance.clamp_min(1e-12), 0.0)
    share = share.clamp(0.0, 1.0)
    total = (1 - share).square() * spread + (1 - share) * scatter
    return mean + share * (x - mean), total.sqrt()
