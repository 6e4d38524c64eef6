"""How probable the counts of test cells are, with the effects of perturbations and without.

``IWELBO = log 1/S Σ_s p(x | z_s, e_s) p(z_s) / q(z_s | x)`` (Burda et al. 2016, arXiv:1509.00519):
effects ``e`` are drawn from their posterior and not scored, so that models with different priors of
effects can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.evaluation.score import Score
from scdyn_core.methods.gpo_vae.network import Drawn, GpoNetwork
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.methods.perturbations.reading import cells_of
from scdyn_core.nn.negative_binomial import log_likelihood
from scdyn_core.training.seeding import derive_seed

Cells = dict[str, Tensor]
#: Test cells whose evidence is estimated.
MOST = 500


def evidence_score(
    networks: Sequence[GpoNetwork], tensors: Tensors, screen: Labelled
) -> list[Score]:
    """Return the evidence of test cells of perturbations that were learned from."""
    seed = int(str(tensors.info["seed"]))
    cells = cells_of(tensors, "test")
    held = [screen.label_of(name) for name in screen.held_out]
    rows = np.flatnonzero(~np.isin(cells["label"].numpy(), held))
    rng = np.random.default_rng(derive_seed(seed, "evidence"))
    chosen = torch.as_tensor(np.sort(rng.choice(rows, min(len(rows), MOST), replace=False)))
    some = {name: value[chosen] for name, value in cells.items()}
    values = np.array(
        [
            [float(evidence(network, some, without, seed).mean()) for without in (False, True)]
            for network in networks
        ]
    )
    return [
        Score(
            metric="evidence per cell (IWELBO, nats)",
            value=float(values[:, 0].mean()),
            split="test",
            better="higher",
            replicate_sd=float(values[:, 0].std(ddof=1)) if len(values) > 1 else None,
            baselines={"the same without effects": float(values[:, 1].mean())},
        )
    ]


@torch.no_grad()
def evidence(network: GpoNetwork, cells: Cells, without: bool, seed: int) -> NDArray[np.float64]:
    """Return the bound of every cell, nats, shape ``(n,)``.

    Parameters
    ----------
    without
        Whether perturbations are taken to do nothing.
    """
    torch.manual_seed(seed)
    weights = torch.stack(
        [_log_weight(network, cells, without) for _ in range(network.config.importance_samples)]
    )
    bound = weights.logsumexp(0) - math.log(len(weights))
    return np.asarray(bound.double().numpy())


def _log_weight(network: GpoNetwork, cells: Cells, without: bool) -> Tensor:
    """Return ``log p(x, z) - log q(z | x)`` of one draw, shape ``(n,)``."""
    drawn = network.drawn()
    if without:
        drawn = Drawn(torch.zeros_like(drawn.effects), drawn.divergence, drawn.quality)
    cell = torch.arange(len(cells["label"]))
    draw = torch.zeros_like(cell)
    m, v = network.posterior(cells, drawn, cell, draw)
    noise = torch.randn_like(m)
    z = m + v.sqrt() * noise
    log_mean = cells["library"].unsqueeze(-1) + network.log_rates(z, cells, drawn, cell, draw)
    likelihood = log_likelihood(cells["counts"], log_mean, network.log_dispersion).sum(-1)
    # The constants of both normal densities are the same and cancel.
    prior, posterior = -0.5 * z.square().sum(-1), -0.5 * (noise.square() + v.log()).sum(-1)
    found: Tensor = likelihood - cells["log_factorials"] + prior - posterior
    return found
