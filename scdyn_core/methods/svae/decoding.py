"""From latents back to genes: what a latent does, and what a perturbation is predicted to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.methods.method import Table
from scdyn_core.methods.svae.network import SvaeNetwork
from scdyn_core.training.seeding import derive_seed

Matrix = NDArray[np.float64]
Cells = dict[str, Tensor]
#: Counts drawn of every unperturbed cell.
DRAWS = 4


@torch.no_grad()
def latent_genes(networks: Sequence[SvaeNetwork], cells: Cells, genes: Sequence[str]) -> Table:
    """One row a latent and gene: what one sd more of the latent does to the expected expression.

    Parameters
    ----------
    cells
        Unperturbed cells.
    """
    effects = np.stack([_one_more(network, cells) for network in networks])
    mean = effects.mean(axis=0)
    latents = mean.shape[0]
    rank = (-np.abs(mean)).argsort(axis=1, kind="stable").argsort(axis=1) + 1
    sd = effects.std(axis=0, ddof=1).ravel() if len(networks) > 1 else np.nan
    frame = pd.DataFrame(
        {
            "latent": np.repeat(np.arange(1, latents + 1), len(genes)),
            "gene": np.tile(np.array(genes, dtype=object), latents),
            "effect": mean.ravel(),
            "effect_sd": sd,
            "rank": rank.ravel(),
        }
    )
    return Table(
        frame,
        {
            "latent": "number of the latent",
            "gene": "name of the gene",
            "effect": "log2 fold change of expected expression for one sd more of the latent, mean "
            "over unperturbed cells and replicates",
            "effect_sd": "standard deviation over replicates; empty for a single one",
            "rank": "1 for the gene with the largest effect of the latent",
        },
    )


def _one_more(network: SvaeNetwork, cells: Cells) -> Matrix:
    """Return log2 fold changes, shape ``(L, G)``."""
    m, _ = network.posterior(cells["counts"], cells["library"])
    batch = cells.get("batch")
    before = network.log_rates(m, batch)
    rows = []
    for latent in range(m.shape[1]):
        more = m.clone()
        more[:, latent] += 1.0
        rows.append((network.log_rates(more, batch) - before).mean(0) / np.log(2.0))
    return np.asarray(torch.stack(rows).double().numpy())


def log_rates(network: SvaeNetwork, cells: Cells) -> Tensor:
    """Return the log share of every gene at the posterior means of cells, shape ``(n, G)``."""
    return network.log_rates(network.latent(cells), cells.get("batch"))


@torch.no_grad()
def predicted_changes(
    networks: Sequence[SvaeNetwork], cells: Cells, effects: Sequence[Matrix], seed: int
) -> Iterator[Matrix]:
    """Yield the predicted change of each perturbation, shape ``(G,)``.

    The latents of unperturbed cells are moved by the effect, counts are drawn as the model says,
    and normalised as data are. What is subtracted are draws from the same cells left alone, so
    that what the model gets wrong of them is in no change.

    Parameters
    ----------
    cells
        Unperturbed cells.
    effects
        Of each replicate, shape ``(K, L)``.
    """
    seeds = [derive_seed(seed, "predicted counts", k) for k in range(len(networks))]
    posteriors = [network.posterior(cells["counts"], cells["library"]) for network in networks]
    still = [
        _mean_expression(network, m, v, cells, own)
        for network, (m, v), own in zip(networks, posteriors, seeds, strict=True)
    ]
    for row in range(len(effects[0])):
        changes = [
            _mean_expression(network, m + torch.as_tensor(effect[row]).to(m), v, cells, own)
            - before
            for network, (m, v), effect, before, own in zip(
                networks, posteriors, effects, still, seeds, strict=True
            )
        ]
        yield np.asarray(torch.stack(changes).mean(0).double().numpy())


def _mean_expression(network: SvaeNetwork, m: Tensor, v: Tensor, cells: Cells, seed: int) -> Tensor:
    """Return the mean log-normalised expression of drawn counts, shape ``(G,)``."""
    # The same draws for every perturbation: one that moves no latent changes no gene.
    torch.manual_seed(seed)
    means = []
    for _ in range(DRAWS):
        z = network.drawn(m, v, torch.randn_like(m))
        rate = (cells["library"].unsqueeze(-1) + network.log_rates(z, cells.get("batch"))).exp()
        dispersion = network.log_dispersion.exp().expand_as(rate)
        # A Poisson count whose rate is gamma distributed is negative binomial.
        counts = torch.poisson(torch._standard_gamma(dispersion) / dispersion * rate)
        totals = counts.sum(1, keepdim=True).clamp_min(1.0)
        means.append((counts / totals * float(np.exp(network.depth))).log1p().mean(0))
    return torch.stack(means).mean(0)
