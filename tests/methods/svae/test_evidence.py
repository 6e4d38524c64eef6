"""The importance-weighted bound is above the ELBO and tends to the evidence itself."""

import numpy as np
import torch

from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.evidence import evidence
from scdyn_core.nn.negative_binomial import log_likelihood
from tests.methods.svae.small import cells_for, network_of


def few_cells(batches=0):
    config = SvaeConfig(latents=2, hidden=8, layers=1)
    network = network_of(config, batches=batches, genes=4).eval()
    cells = cells_for(network, n=5)
    generator = torch.Generator().manual_seed(0)
    effect = 0.5 * torch.randn(5, 2, generator=generator, dtype=torch.float64)
    with torch.no_grad():
        # A wide posterior near the prior: of another, draws would have to be many more.
        network.mean_weight.mul_(0.1)
        network.mean_bias.copy_(network.origin)
        network.spread_weight.mul_(0.1)
        network.spread_bias.fill_(0.3)
        network.frame.copy_(torch.tensor([[0.9, 0.7], [-0.6, 1.0]]))
        network.log_volume.copy_(torch.linalg.slogdet(network.frame).logabsdet)
    return network, cells, effect


@torch.no_grad()
def by_quadrature(network, cells, effect, nodes=400):
    """Log p(x): both latents on a grid around the prior."""
    line = torch.linspace(-7, 7, nodes, dtype=torch.float64)
    grid = torch.cartesian_prod(line, line)
    log_prior = -0.5 * grid.square().sum(1) - np.log(2 * np.pi) + 2 * np.log(14 / (nodes - 1))
    found = []
    for cell in range(len(effect)):
        z = network.origin + effect[cell] + grid
        batch = None if "batch" not in cells else cells["batch"][cell]
        log_mean = cells["library"][cell] + network.log_rates(z, batch)
        counts = cells["counts"][cell].expand_as(log_mean)
        likelihood = log_likelihood(counts, log_mean, network.log_dispersion).sum(1)
        found.append(float((likelihood + log_prior).logsumexp(0) - cells["log_factorials"][cell]))
    return np.array(found)


def test_tends_to_the_evidence():
    for batches in (0, 2):
        network, cells, effect = few_cells(batches)
        elbo, iwelbo = evidence(network, cells, effect, 40_000, 0)
        exact = by_quadrature(network, cells, effect)
        np.testing.assert_allclose(iwelbo, exact, atol=0.1)
        assert (elbo < exact).all()


def test_more_draws_are_tighter_and_never_below_the_elbo():
    network, cells, effect = few_cells()
    few, many = (
        np.mean([evidence(network, cells, effect, draws, seed)[1] for seed in range(100)], axis=0)
        for draws in (1, 30)
    )
    assert (many > few).all()
    for seed in range(5):
        elbo, iwelbo = evidence(network, cells, effect, 7, seed)
        assert (iwelbo >= elbo).all()


def test_the_bound_is_the_negative_loss_of_training():
    network, cells, _ = few_cells()
    with torch.no_grad():
        network.beta.fill_(1.0)
        network.mask_logit.fill_(40.0)
    members = network.members[cells["label"].long()]
    shifts = torch.cat([network.shift, torch.zeros_like(network.shift[:1])]).detach()
    elbo, _ = evidence(network, cells, shifts[members].sum(1), 20_000, 0)
    with torch.no_grad():
        torch.manual_seed(0)
        losses = [network(cells, frozenset(["reconstruction", "kl"])) for _ in range(3000)]
    total = np.mean([float(each["reconstruction"] + each["kl"]) for each in losses])
    np.testing.assert_allclose(elbo.mean(), -total, rtol=0.01)


def test_cells_taken_in_parts_are_the_same_cells(monkeypatch):
    network, cells, effect = few_cells()
    whole = evidence(network, cells, effect, 3000, 0)[1]
    monkeypatch.setattr("scdyn_core.methods.svae.evidence.MOST_NUMBERS", 3000 * 4 * 2)
    np.testing.assert_allclose(evidence(network, cells, effect, 3000, 0)[1], whole, atol=0.15)
