"""The network against torch's own cells and distributions, and what a hidden value may not do."""

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence
from torch.nn.functional import relu

from scdyn_core.methods.vrnn.config import VrnnConfig
from scdyn_core.methods.vrnn.method import Vrnn
from scdyn_core.methods.vrnn.network import Seen, VrnnNetwork, with_hidden_times
from scdyn_core.methods.vrnn.published import PUBLISHED

GENES, TIMES = 7, 5
GAP = torch.tensor([0.0, 0.3, 0.7, 0.7, 1.2], dtype=torch.float64)


def network_of(config: VrnnConfig, seed: int = 0) -> VrnnNetwork:
    network = VrnnNetwork(config, GAP, seed).double()
    with torch.no_grad():
        network.beta.fill_(0.37)
    return network


def batch_of(seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    draw = {"generator": generator, "dtype": torch.float64}
    return {
        "x": torch.randn(GENES, TIMES, **draw),
        "variance": 0.1 + torch.rand(GENES, TIMES, **draw),
        "centre_without": 0.1 * torch.randn(GENES, TIMES, **draw),
        "divisor_without": 0.5 + torch.rand(GENES, TIMES, **draw),
    }


def layers(network, x, own=None):
    """Return the output of an MLP, or of a reader whose two inputs are joined again."""
    if own is not None:
        joined = torch.cat([network.state, network.own], 1)
        first = torch.cat([x, own], 1) @ joined.T + network.bias
        return first if network.later is None else layers(network.later, relu(first))
    for i, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        x = x @ weight.T + bias
        x = relu(x) if i < len(network.weights) - 1 else x
    return x


def independent(network: VrnnNetwork, batch, noise) -> tuple[torch.Tensor, torch.Tensor]:
    """The evidence lower bound from torch's cells and distributions, one time after the other."""
    config = network.config
    kinds = {"gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}
    cell = kinds[config.cell](2 + config.latents, config.hidden).double()
    columns = (network.value_weight[:, None], network.gap_weight[:, None], network.latent_weight)
    cell.weight_ih.data, cell.weight_hh.data = torch.cat(columns, 1).data, network.state_weight.data
    cell.bias_ih.data, cell.bias_hh.data = network.latent_bias.data, network.state_bias.data
    h = c = torch.zeros(GENES, config.hidden, dtype=torch.float64)
    misfit = divergence = torch.zeros(GENES, dtype=torch.float64)
    for t in range(TIMES):
        x = batch["x"][:, t : t + 1]
        mean, log_variance = layers(network.encoder, h, x).chunk(2, 1)
        prior_mean, prior_log_variance = layers(network.prior, h).chunk(2, 1)
        posterior = Normal(mean, (0.5 * log_variance).exp())
        prior = Normal(prior_mean, (0.5 * prior_log_variance).exp())
        z = mean + posterior.scale * noise[t]
        divergence = divergence + kl_divergence(posterior, prior).sum(1)
        inputs = torch.cat([x, network.gap[t].expand(GENES, 1), z], 1)
        before = h
        if config.cell == "gru":
            h = cell(inputs, h)
        else:
            h, c = cell(inputs, (h, c))
        read = before if config.decoder_state == "previous" else h
        value = layers(network.decoder, read, z).squeeze(1)
        if config.likelihood == "unit":
            misfit = misfit + 0.5 * (x.squeeze(1) - value) ** 2
        else:
            noise_of = Normal(value, batch["variance"][:, t].sqrt())
            misfit = misfit - noise_of.log_prob(x.squeeze(1))
    return misfit.mean(), network.beta * divergence.mean()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"cell": "lstm", "decoder_state": "updated", "likelihood": "unit"},
        {"time_gaps": False, "widths": (9,), "decoder_widths": ()},
        {"latents": 1, "hidden": 4, "widths": ()},
    ],
)
def test_the_loss_is_the_evidence_lower_bound(changes):
    network = network_of(VrnnConfig(hide=0.0, **changes))
    batch = batch_of()
    torch.manual_seed(5)
    losses = network(batch, frozenset())
    torch.manual_seed(5)
    noise = torch.randn(TIMES, GENES, network.config.latents, dtype=torch.float64)
    misfit, divergence = independent(network, batch, noise)
    torch.testing.assert_close(losses["reconstruction"], misfit)
    torch.testing.assert_close(losses["kl"], divergence)


def test_the_published_network_has_the_published_size():
    network = VrnnNetwork(PUBLISHED, GAP, 0)
    gap_column = 4 * PUBLISHED.hidden
    assert sum(p.numel() for p in network.parameters()) - gap_column == 48_193


def test_a_hidden_value_changes_nothing_that_is_followed():
    network = network_of(VrnnConfig())
    x = batch_of()["x"]
    hidden = torch.zeros(GENES, TIMES, dtype=torch.bool)
    hidden[:, 2] = True
    paths = []
    for value in (0.0, 100.0):
        changed = x.clone()
        changed[:, 2] = value
        torch.manual_seed(1)
        path = network.follow(changed, sampled=True, hidden=hidden)
        paths.append(network.decoded(path))
    torch.testing.assert_close(paths[0], paths[1])


def test_a_hidden_time_costs_no_divergence_and_is_scored_on_its_own_scale():
    network = network_of(VrnnConfig())
    batch = batch_of()
    torch.manual_seed(3)
    seen = with_hidden_times(batch, share=1.0)
    assert seen.hidden is not None
    assert seen.hidden.sum(1).eq(1).all()
    at = seen.hidden.double().argmax(1, keepdim=True)
    centre, divisor = (batch[f"{name}_without"].gather(1, at) for name in ("centre", "divisor"))
    torch.testing.assert_close(seen.x, (batch["x"] - centre) / divisor)
    torch.testing.assert_close(seen.variance, batch["variance"] / divisor**2)
    path = network.follow(seen.x, sampled=False, hidden=seen.hidden)
    mean, _ = network.prior(path.before).chunk(2, dim=-1)
    hidden = seen.hidden.t()
    torch.testing.assert_close(path.mean[hidden], mean[hidden])
    assert not torch.allclose(path.mean[~hidden], mean[~hidden])


def test_nothing_is_hidden_when_the_network_is_scored():
    network = network_of(VrnnConfig(hide=1.0)).eval()
    batch = batch_of()
    torch.manual_seed(2)
    scored = network(batch, frozenset())["reconstruction"]
    torch.manual_seed(2)
    path = network.follow(batch["x"], sampled=True)
    whole = network.misfit(network.decoded(path), Seen.whole(batch)).sum(1).mean()
    torch.testing.assert_close(scored, whole)


def test_the_weight_of_the_divergence_grows_and_then_stays():
    config = VrnnConfig(epochs=50, annealing=0.4, weight_kl=2.0)
    (phase,) = Vrnn().phases(config)
    from scdyn_core.training.module import EpochContext

    network = VrnnNetwork(config, GAP, 0)
    state = {"beta": torch.tensor(0.0)}
    seen = []
    for epoch in (0, 10, 20, 50):
        network.after_epoch(state, {}, EpochContext("fit", epoch, phase.epochs))
        seen.append(float(state["beta"]))
    np.testing.assert_allclose(seen, [0.0, 1.0, 2.0, 2.0])
