"""What perturbations are predicted to do, decoded from unperturbed cells."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.methods.gpo_vae.network import Drawn, GpoNetwork
from scdyn_core.training.seeding import derive_seed

Matrix = NDArray[np.float64]
Cells = dict[str, Tensor]
#: Counts drawn of every unperturbed cell.
DRAWS = 4


def log_rates(network: GpoNetwork, cells: Cells) -> Tensor:
    """Return the log share of every gene in cells, shape ``(n, G)``.

    At the posterior means, under the expected effects of the cells' own labels.
    """
    drawn = network.expected()
    cell = torch.arange(len(cells["label"]))
    draw = torch.zeros_like(cell)
    m, _ = network.posterior(cells, drawn, cell, draw)
    return network.log_rates(m, cells, drawn, cell, draw)


@torch.no_grad()
def predicted_changes(
    network: GpoNetwork, cells: Cells, labels: NDArray[np.int64], seed: int
) -> Matrix:
    """Return the predicted change of mean log-normalised expression, shape ``(K, G)``.

    Unperturbed cells are given the effect of a label, counts are drawn as the model says, and
    normalised as data are; the same cells left alone are subtracted, so that what the model gets
    wrong of them is in no change.

    Parameters
    ----------
    cells
        Unperturbed cells.
    labels
        Those that are asked for, shape ``(K,)``.
    """
    seed = derive_seed(seed, "predicted counts")
    drawn = network.expected()
    still = _expression(network, cells, drawn, None, seed)
    changes = [_expression(network, cells, drawn, int(label), seed) - still for label in labels]
    return np.asarray(torch.stack(changes).double().numpy())


def _expression(
    network: GpoNetwork, cells: Cells, drawn: Drawn, label: int | None, seed: int
) -> Tensor:
    """Return the mean log-normalised expression of drawn counts, shape ``(G,)``."""
    # The same draws for every perturbation: one that does nothing changes no gene.
    torch.manual_seed(seed)
    cell = torch.arange(len(cells["label"]))
    draw = torch.zeros_like(cell)
    m, v = network.posterior(cells, drawn, cell, draw)
    given = dict(cells)
    if label is not None:
        given["label"] = torch.full_like(cells["label"], label)
    means = []
    for _ in range(DRAWS):
        z = m + v.sqrt() * torch.randn_like(m)
        rates = network.log_rates(z, given, drawn, cell, draw)
        rate = (cells["library"].unsqueeze(-1) + rates).exp()
        dispersion = network.log_dispersion.exp().expand_as(rate)
        # A Poisson count whose rate is gamma distributed is negative binomial.
        counts = torch.poisson(torch._standard_gamma(dispersion) / dispersion * rate)
        totals = counts.sum(1, keepdim=True).clamp_min(1.0)
        means.append((counts / totals * float(np.exp(network.depth))).log1p().mean(0))
    return torch.stack(means).mean(0)
