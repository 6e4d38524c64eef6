"""How probable the counts of cells are under the model: ELBO and its importance-weighted bound.

``IWELBO = log 1/S Σ_s p(x | z_s) p(z_s | label) / q(z_s | x)``, ``z_s ~ q`` (Burda et al. 2016,
arXiv:1509.00519); the ELBO is the mean of the same logarithms.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.methods.svae.network import SvaeNetwork
from scdyn_core.nn.negative_binomial import log_likelihood

Matrix = NDArray[np.float64]
Cells = dict[str, Tensor]
#: Numbers of cells × draws × genes held at once.
MOST_NUMBERS = 4_000_000


@torch.no_grad()
def evidence(
    network: SvaeNetwork, cells: Cells, effect: Tensor, samples: int, seed: int
) -> tuple[Matrix, Matrix]:
    """Return ELBO and IWELBO of every cell, nats, each of shape ``(n,)``.

    Parameters
    ----------
    effect
        What the label of each cell adds to the origin, shape ``(n, L)``; a plain VAE has no ear
        for it.
    samples
        Draws per cell.
    """
    torch.manual_seed(seed)
    numbers = cells["counts"].shape[1] * samples
    step = max(1, MOST_NUMBERS // numbers)
    elbo, iwelbo = [], []
    for start in range(0, len(effect), step):
        rows = slice(start, start + step)
        own = {name: value[rows] for name, value in cells.items()}
        weights = log_weights(network, own, effect[rows], samples)
        elbo.append(weights.mean(0))
        iwelbo.append(weights.logsumexp(0) - math.log(samples))
    return (
        np.asarray(torch.cat(elbo).double().numpy()),
        np.asarray(torch.cat(iwelbo).double().numpy()),
    )


def log_weights(network: SvaeNetwork, cells: Cells, effect: Tensor, samples: int) -> Tensor:
    """Return ``log p(x, z) - log q(z | x)`` of draws of the latents, shape ``(S, n)``."""
    m, v = network.posterior(cells["counts"], cells["library"])
    noise = torch.randn(samples, *m.shape)
    z = network.drawn(m, v, noise)
    rates = network.log_rates(z, cells.get("batch"))
    log_mean = cells["library"].unsqueeze(-1) + rates
    counts = cells["counts"].expand_as(log_mean)
    likelihood = log_likelihood(counts, log_mean, network.log_dispersion).sum(-1)
    # The constants of both normal densities are the same and cancel.
    posterior = -0.5 * (noise.square() + v.log()).sum(-1) - network.log_volume
    if network.config.prior == "none":
        prior = -0.5 * network.unturned(z).square().sum(-1) - network.log_volume
    else:
        prior = -0.5 * (z - network.origin - effect).square().sum(-1)
    weights: Tensor = likelihood - cells["log_factorials"] + prior - posterior
    return weights
