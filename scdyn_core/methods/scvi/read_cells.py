"""What trained networks say of cells, block by block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.methods.cell_blocks import BLOCK, blocks
from scdyn_core.methods.scvi.network import Decoded, ScviNetwork, divergence

Matrix = NDArray[np.float64]
Cells = dict[str, Tensor]
#: Numbers of cells x genes x draws held at once.
MOST_NUMBERS = 4_000_000


@torch.no_grad()
def latents(network: ScviNetwork, cells: Cells) -> Matrix:
    """Return the posterior means, shape ``(n, L)``."""
    return np.concatenate([
        network.latent(block).double().numpy() for block in blocks(cells, BLOCK)
    ])  # fmt: skip


@torch.no_grad()
def reconstruction(network: ScviNetwork, seen: Cells, asked: Cells) -> Matrix:
    """Return the log likelihood of some counts of every cell given others, nats, shape ``(n,)``.

    Parameters
    ----------
    seen
        What the encoder reads.
    asked
        The same cells with the counts that are asked for; the latents are their posterior means.
    """
    found = [
        network.log_likelihood(theirs, network.decoded(network.latent(own), own))
        for own, theirs in zip(blocks(seen, BLOCK), blocks(asked, BLOCK), strict=True)
    ]
    return np.asarray(torch.cat(found).double().numpy())


@torch.no_grad()
def elbo(network: ScviNetwork, cells: Cells, draws: int, seed: int) -> Matrix:
    """Return the evidence lower bound of every cell in nats, shape ``(n,)``."""
    torch.manual_seed(seed)
    step = max(1, min(BLOCK, MOST_NUMBERS // (cells["counts"].shape[1] * draws)))
    found = []
    for own in blocks(cells, step):
        m, v = network.posterior(own)
        z = m + v.sqrt() * torch.randn(draws, *m.shape)
        likelihood = network.log_likelihood(own, network.decoded(z, own))
        found.append(likelihood.mean(0) - divergence(m, v))
    return np.asarray(torch.cat(found).double().numpy())


@torch.no_grad()
def decoded_blocks(network: ScviNetwork, cells: Cells) -> Iterator[tuple[slice, Cells, Decoded]]:
    """Yield what the decoder says at the posterior means, a block of cells after another."""
    for number, own in enumerate(blocks(cells, BLOCK)):
        start = number * BLOCK
        decoded = network.decoded(network.latent(own), own)
        yield slice(start, start + len(own["counts"])), own, decoded
