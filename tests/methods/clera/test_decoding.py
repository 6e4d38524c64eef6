"""Decoding without torch gives what the network gives."""

import numpy as np
import pytest
import torch

from scdyn_core.errors import RunError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.decoding import GeneDecoder
from scdyn_core.methods.clera.network import CleraNetwork

GENES = tuple(f"g{number}" for number in range(40))


def network_of(activation: str, inputs: int, *, linear_start: bool = True) -> CleraNetwork:
    config = CleraConfig(activation=activation, widths=(16, 8), linear_start=linear_start)
    axes, axis_sd = torch.eye(config.latents, inputs), torch.ones(config.latents)
    network = CleraNetwork(
        config, inputs, 1.7, torch.ones(2), classes=0, seed=0, axes=axes, axis_sd=axis_sd
    )
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return network


def constants() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "components": rng.normal(size=(12, 40)),
        "centre": rng.normal(size=40),
        "gene_sd": rng.uniform(0.5, 2.0, 40),
        "gene_mean": rng.normal(size=40),
    }


@pytest.mark.parametrize("activation", ["elu", "tanh", "relu", "sigmoid", "softplus"])
@pytest.mark.parametrize("components", [True, False])
@pytest.mark.parametrize("linear_start", [True, False])
def test_every_activation_agrees_with_the_network(
    activation: str, components: bool, linear_start: bool
) -> None:
    network = network_of(activation, 12 if components else 40, linear_start=linear_start)
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    arrays = constants()
    decoder = GeneDecoder.of(state, arrays, GENES, activation=activation, components=components)
    z = np.random.default_rng(2).normal(size=(30, 3))
    decoded = network.decode(torch.as_tensor(z, dtype=torch.float32)).detach().numpy()
    np.testing.assert_allclose(decoder.outputs(z), decoded, rtol=1e-3, atol=1e-4)
    scaled = decoded @ arrays["components"] + arrays["centre"] if components else decoded
    expected = scaled * arrays["gene_sd"] + arrays["gene_mean"]
    np.testing.assert_allclose(decoder(z), expected, rtol=1e-3, atol=1e-3)


def test_a_model_of_an_older_version_is_refused_in_words() -> None:
    state = {name: value.numpy() for name, value in network_of("elu", 12).state_dict().items()}
    old = constants()
    del old["gene_mean"]
    with pytest.raises(RunError, match="gene_mean"):
        GeneDecoder.of(state, old, GENES, activation="elu", components=True)
