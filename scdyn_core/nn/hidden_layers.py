"""Hidden layers of encoder and decoder, with batch normalisation and dropout where asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, dropout, leaky_relu, linear, relu, silu

#: ``leaky`` has a slope of .01 below zero.
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "silu": silu,
    "relu": relu,
    "leaky": leaky_relu,
}
#: scVI's guard against division by zero.
EPSILON = 1e-3


def linear_start(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> tuple[nn.Parameter, nn.Parameter]:
    """Return the start of a linear map: N(0, 2 / (fan_in + fan_out)) (Glorot & Bengio 2010)."""
    weight = torch.randn(fan_out, fan_in, generator=generator)
    scale = (2.0 / (fan_in + fan_out)) ** 0.5
    return nn.Parameter(weight * scale), nn.Parameter(torch.zeros(fan_out))


class HiddenLayers(nn.Module):
    """``linear -> [batch normalisation] -> activation -> [dropout]``, layer after layer.

    Batches are normalised by their own moments in training. In evaluation the moments of the
    training cells under the present weights are used; ``remember`` finds them.

    Parameters
    ----------
    widths
        Sizes of input and hidden layers.
    generator
        Source of the start weights.
    """

    def __init__(
        self,
        widths: Sequence[int],
        activation: Literal["silu", "relu", "leaky"],
        generator: torch.Generator,
        *,
        normalised: bool = False,
        dropped: float = 0.0,
    ) -> None:
        super().__init__()
        self.activation, self.normalised, self.dropped = activation, normalised, dropped
        starts = [linear_start(a, b, generator) for a, b in pairwise(widths)]
        self.weights = nn.ParameterList([weight for weight, _ in starts])
        self.biases = nn.ParameterList([bias for _, bias in starts])
        sizes = widths[1:] if normalised else ()
        self.gains = nn.ParameterList([nn.Parameter(torch.ones(size)) for size in sizes])
        for layer, size in enumerate(sizes):
            self.register_buffer(
                f"moments_{layer}", torch.stack([torch.zeros(size), torch.ones(size)])
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return the last hidden layer, shape ``(n, widths[-1])``."""
        for layer in range(len(self.weights)):
            x = self._activated(layer, self._linear(layer, x))
        return x

    @torch.no_grad()
    def remember(self, x: Tensor) -> list[Tensor]:
        """Return mean and variance of every layer's normalised values over ``x``, ``(2, width)``.

        ``x`` is all that is trained on; each layer sees what the one before gives in evaluation.
        """
        found = []
        for layer in range(len(self.gains)):
            before = linear(x, self.weights[layer])
            moments = torch.stack([before.mean(0), before.var(0, correction=0)])
            found.append(moments)
            x = ACTIVATIONS[self.activation](self._scaled(layer, before, moments[0], moments[1]))
        return found

    def _linear(self, layer: int, x: Tensor) -> Tensor:
        if not self.normalised:
            return linear(x, self.weights[layer], self.biases[layer])
        before = linear(x, self.weights[layer])
        if self.training:
            gain, bias = self.gains[layer], self.biases[layer]
            return batch_norm(before, None, None, gain, bias, training=True, eps=EPSILON)
        moments: Tensor = getattr(self, f"moments_{layer}")
        return self._scaled(layer, before, moments[0], moments[1])

    def _scaled(self, layer: int, before: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
        scale = self.gains[layer] * (variance + EPSILON).rsqrt()
        scaled: Tensor = (before - mean) * scale + self.biases[layer]
        return scaled

    def _activated(self, layer: int, x: Tensor) -> Tensor:
        value: Tensor = ACTIVATIONS[self.activation](x)
        return dropout(value, self.dropped) if self.dropped and self.training else value
