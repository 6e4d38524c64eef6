"""Mean latents of labels, and how cells of one label differ, under the present weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from scdyn_core.methods.svae.network import SvaeNetwork

#: Cells encoded at once.
BLOCK = 8192
#: Cells that the moments of batch normalisation are of, about.
MOST_REMEMBERED = 4096


@dataclass(frozen=True)
class LabelMoments:
    """What targets are found from.

    Attributes
    ----------
    means
        Mean latents of the cells of every label, shape ``(A, L)``.
    cells
        Cells of every label, shape ``(A,)``.
    scatter
        Covariance of the posterior means within labels, shape ``(L, L)``.
    variance
        Mean covariance of the posteriors, shape ``(L, L)``.
    """

    means: Tensor
    cells: Tensor
    scatter: Tensor
    variance: Tensor

    @property
    def within(self) -> Tensor:
        """Covariance within labels of draws from the posteriors, shape ``(L, L)``."""
        return self.scatter + self.variance


def encoded(network: SvaeNetwork, data: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Return posterior means of all cells, and variances along their axes, each ``(n, L)``."""
    blocks = [
        network.posterior(counts, library)
        for counts, library in zip(
            torch.split(data["counts"], BLOCK), torch.split(data["library"], BLOCK), strict=True
        )
    ]
    return torch.cat([m for m, _ in blocks]), torch.cat([v for _, v in blocks])


def label_moments(network: SvaeNetwork, data: Mapping[str, Tensor]) -> LabelMoments:
    """Return the moments of all labels; the mean of a label without cells is 0."""
    labels = data["label"].long()
    m, v = (each.double() for each in encoded(network, data))
    cells = torch.bincount(labels, minlength=len(network.members)).double()
    sums = m.new_zeros(len(cells), m.shape[1]).index_add_(0, labels, m)
    means = sums / cells.clamp_min(1.0).unsqueeze(-1)
    apart = m - means[labels]
    frame = network.frame.double()
    variance = (frame.T * v.mean(0)) @ frame
    return LabelMoments(means, cells, apart.T @ apart / len(m), variance)


def remember_moments(
    network: SvaeNetwork, state: dict[str, Tensor], data: Mapping[str, Tensor]
) -> None:
    """Keep the moments by which batch normalisation evaluates: those of cells all through."""
    step = max(1, len(data["label"]) // MOST_REMEMBERED)
    data = {name: value[::step] for name, value in data.items()}
    inputs = network.inputs(data["counts"], data["library"])
    for layer, found in enumerate(network.encoder.remember(inputs)):
        state[f"encoder.moments_{layer}"].copy_(found)
    network.load_state_dict(state)
    m, v = encoded(network, data)
    # Draws, as the decoder sees them in training: means alone spread less.
    z = network.drawn(m, v, torch.randn_like(m))
    if "batch" in data:
        z = torch.cat([z, data["batch"]], dim=-1)
    for layer, found in enumerate(network.decoder.remember(z)):
        state[f"decoder.moments_{layer}"].copy_(found)
