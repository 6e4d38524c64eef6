"""Random paths give means and spreads given all that was measured, before and after."""

import numpy as np
import torch

from scdyn_core.methods.vrnn.config import VrnnConfig
from scdyn_core.methods.vrnn.network import VrnnNetwork
from scdyn_core.methods.vrnn.paths import weighted_paths

CONFIG = VrnnConfig(latents=1, hidden=4, widths=(8,), decoder_widths=(8,))


def network_of() -> VrnnNetwork:
    network = VrnnNetwork(CONFIG, torch.tensor([0.0, 0.5]), 3)
    with torch.no_grad():
        for weight in network.decoder.parameters():
            weight.mul_(2.0)
    return network.eval()


@torch.no_grad()
def by_quadrature(network, x1: float, variance: float, nodes: int = 161) -> tuple[float, float]:
    """Mean and sd of the first, hidden value given the second: both latents on a grid."""
    grid = torch.linspace(-6, 6, nodes)
    state = network.start(torch.zeros(1, 2))
    mean, log_variance = network.prior(state[0]).chunk(2, dim=-1)
    sd = (0.5 * log_variance).exp()
    z0 = (mean + sd * grid.unsqueeze(1)).view(nodes, 1)
    h0 = state[0].expand(nodes, -1)
    first = network.decode(h0, z0)
    gates = network.input_gates(first.view(1, -1, 1), network.gap[:1])[0]
    (h1,) = network.moved(gates, z0, (h0,))
    mean1, log_variance1 = network.prior(h1).chunk(2, dim=-1)
    z1 = mean1 + (0.5 * log_variance1).exp() * grid
    second = network.decode(h1.unsqueeze(1).expand(-1, nodes, -1), z1.unsqueeze(-1))
    log_weight = -0.5 * grid.square()
    likelihood = (-0.5 * (x1 - second).square() / variance + log_weight).logsumexp(1)
    share = (likelihood + log_weight).softmax(0)
    mean_first = float((share * first).sum())
    return mean_first, float((share * (first - mean_first).square()).sum().sqrt())


def test_equals_numerical_integration():
    network = network_of()
    x1, variance = 0.6, 0.5
    mean, sd = weighted_paths(
        network,
        torch.tensor([[0.0, x1]]),
        torch.tensor([[torch.inf, variance]]),
        torch.zeros(1, 2),
        samples=200_000,
        seed=0,
    )
    expected_mean, expected_sd = by_quadrature(network, x1, variance)
    prior_only, _ = by_quadrature(network, 0.0, 1e6)
    assert abs(expected_mean - prior_only) > 0.01
    np.testing.assert_allclose(float(mean[0, 0]), expected_mean, atol=0.012)
    np.testing.assert_allclose(float(sd[0, 0]), expected_sd, rtol=0.05)


def test_a_hidden_value_cannot_leak():
    network = network_of()
    variance = torch.tensor([[0.1, torch.inf]]).expand(3, 2)
    found = [
        weighted_paths(
            network, torch.tensor([[0.3, value]]).expand(3, 2), variance, torch.zeros(3, 2), 50, 1
        )
        for value in (0.0, 50.0)
    ]
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other)


def test_a_sure_measurement_is_believed_where_genes_scatter():
    network = network_of()
    x = torch.tensor([[2.0, -2.0]])
    scatter = torch.full((1, 2), 0.5)
    mean, sd = weighted_paths(network, x, scatter + 1e-8, scatter, 200, 0)
    torch.testing.assert_close(mean, x, atol=1e-3, rtol=0)
    assert float(sd.max()) < 1e-3


def test_the_same_seed_gives_the_same_paths():
    network = network_of()
    x, variance = torch.randn(4, 2), torch.full((4, 2), 0.2)
    one, other = (weighted_paths(network, x, variance, 0 * x, 30, 7) for _ in range(2))
    assert torch.equal(one[0], other[0])
