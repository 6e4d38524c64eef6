"""The losses of scGen equal an independent implementation, and nothing is drawn in evaluation."""

import numpy as np
import pytest
import torch
from torch.distributions import Independent, Normal, kl_divergence

from scdyn_core.methods.scgen.network import LEAST_VARIANCE, ScgenNetwork
from tests.methods.scgen.small import config

GENES = 7
X = torch.tensor(np.random.default_rng(0).normal(1.0, 1.0, (9, GENES)), dtype=torch.float32)
MEAN, SCALE = X.mean(0), torch.linspace(0.5, 2.0, GENES)
TERMS = frozenset({"reconstruction", "kl", "decay"})


def network(**changes: object) -> ScgenNetwork:
    return ScgenNetwork(config(activation="leaky", **changes), MEAN, SCALE, seed=1)


def layer(x: np.ndarray, weight: torch.Tensor, bias: torch.Tensor) -> np.ndarray:
    return x @ weight.detach().numpy().T + bias.detach().numpy()


def test_losses_equal_an_independent_implementation() -> None:
    model = network()
    torch.manual_seed(5)
    losses = {name: float(value.detach()) for name, value in model({"x": X}, TERMS).items()}
    torch.manual_seed(5)
    noise = torch.randn(9, 4).numpy()
    x = (X.numpy() - MEAN.numpy()) * SCALE.numpy()
    hidden = layer(x, model.encoder.weights[0], model.encoder.biases[0])
    hidden = np.where(hidden > 0, hidden, 0.01 * hidden)
    m = layer(hidden, model.mean_weight, model.mean_bias)
    v = np.exp(layer(hidden, model.spread_weight, model.spread_bias)) + LEAST_VARIANCE
    hidden = layer(m + np.sqrt(v) * noise, model.decoder.weights[0], model.decoder.biases[0])
    hidden = np.where(hidden > 0, hidden, 0.01 * hidden)
    residual = x - layer(hidden, model.out_weight, model.out_bias)
    squares = 0.5 * (residual**2).sum(axis=1).mean()
    posterior = Independent(Normal(torch.tensor(m), torch.tensor(np.sqrt(v))), 1)
    prior = Independent(Normal(torch.zeros(9, 4), torch.ones(9, 4)), 1)
    assert losses["reconstruction"] == pytest.approx(squares, rel=1e-5)
    assert losses["kl"] == pytest.approx(float(kl_divergence(posterior, prior).mean()), rel=1e-5)


def test_the_gradient_of_the_decay_is_the_parameter() -> None:
    model = network()
    model.forward({"x": X}, TERMS)["decay"].backward()
    for value in model.parameters():
        torch.testing.assert_close(value.grad, value.detach())


def test_latents_are_the_same_every_time_in_evaluation() -> None:
    model = network(dropout=0.5, normalisation="batch").eval()
    first, second = (model.latent({"x": X}) for _ in range(2))
    assert torch.equal(first, second)
    torch.testing.assert_close(model.latent({"x": X[:2]}), first[:2])


def test_decoding_is_in_units_of_the_data() -> None:
    model = network()
    for value in model.parameters():
        value.data.zero_()
    torch.testing.assert_close(model.decode(torch.zeros(3, 4)), MEAN.expand(3, GENES))
