"""Residual layers: what they compute, and that shared inputs need to be read once only."""

import pytest
import torch
from torch.nn.functional import leaky_relu, silu

from scdyn_core.nn.residual_layers import ResidualLayers


def layers(count=3, activation="silu", inputs=4, width=6):
    generator = torch.Generator().manual_seed(0)
    made = ResidualLayers(inputs, width, count, activation, generator).double()
    with torch.no_grad():
        for bias in made.biases:
            bias.add_(0.1 * torch.randn(bias.shape, generator=generator))
    return made


@pytest.mark.parametrize("activation", ["silu", "leaky"])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_layer_after_the_first_adds_to_the_one_before(count, activation):
    made = layers(count, activation)
    act = silu if activation == "silu" else lambda x: leaky_relu(x, 0.01)
    x = torch.randn(5, 4, generator=torch.Generator().manual_seed(1)).double()
    hidden = act(x @ made.weights[0].T + made.biases[0])
    for weight, bias in zip(made.weights[1:], made.biases[1:], strict=True):
        hidden = hidden + act(hidden @ weight.T + bias)
    torch.testing.assert_close(made(x), hidden)
    assert len(made.weights) == count


def test_what_rows_share_is_found_once():
    """A first layer of two inputs is the sum of the first layers of each."""
    whole = layers(inputs=7)
    part = layers(inputs=4)
    with torch.no_grad():
        part.weights[0].copy_(whole.weights[0][:, :4])
        for mine, its in zip([*part.biases, *part.weights[1:]],
                             [*whole.biases, *whole.weights[1:]], strict=True):  # fmt: skip
            mine.copy_(its)
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(2, 5, 4, generator=generator).double()
    shared = torch.randn(3, generator=generator).double()
    added = shared @ whole.weights[0][:, 4:].T
    joined = torch.cat([x, shared.expand(2, 5, 3)], dim=-1)
    torch.testing.assert_close(part(x, added), whole(joined))


def test_start_weights_are_those_of_the_generator_and_keep_the_size_of_inputs():
    one, other = layers(), layers()
    assert all(torch.equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))
    wide = layers(1, inputs=400, width=400)
    x = torch.randn(200, 400, generator=torch.Generator().manual_seed(1)).double()
    assert 0.2 < float(wide.first(x).std().detach()) < 2.0


def test_layers_run_under_vmap():
    made = layers()
    x = torch.randn(3, 5, 4).double()
    torch.testing.assert_close(torch.vmap(made)(x), made(x))
