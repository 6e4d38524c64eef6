"""Residual hidden layers whose first layer may take a part of its input from elsewhere."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, linear, silu

from scdyn_core.nn.hidden_layers import linear_start

Activation = Literal["silu", "leaky"]


class ResidualLayers(nn.Module):
    """``h₁ = a(W₁ x + b₁ + s)``, ``hₖ₊₁ = hₖ + a(Wₖ₊₁ hₖ + bₖ₊₁)``.

    ``s`` is what inputs that many rows have in common add: it is found once, not once a row.

    Parameters
    ----------
    inputs, width, layers
        Sizes of input and hidden layers, and their number.
    generator
        Source of the start weights.
    """

    def __init__(
        self,
        inputs: int,
        width: int,
        layers: int,
        activation: Activation,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        sizes = [inputs, *[width] * (layers - 1)]
        starts = [linear_start(size, width, generator) for size in sizes]
        self.activation = activation
        self.weights = nn.ParameterList([weight for weight, _ in starts])
        self.biases = nn.ParameterList([bias for _, bias in starts])

    def forward(self, x: Tensor, added: Tensor | None = None) -> Tensor:
        """Return the last hidden layer for inputs ``(…, inputs)``, shape ``(…, width)``."""
        return self.deeper(self.first(x) if added is None else self.first(x) + added)

    def first(self, x: Tensor) -> Tensor:
        """Return the first layer before its activation."""
        return linear(x, self.weights[0], self.biases[0])

    def deeper(self, first: Tensor) -> Tensor:
        """Return the last hidden layer from the first one before its activation."""
        hidden = self._activated(first)
        for layer in range(1, len(self.weights)):
            hidden = hidden + self._activated(
                linear(hidden, self.weights[layer], self.biases[layer])
            )
        return hidden

    def _activated(self, x: Tensor) -> Tensor:
        return silu(x) if self.activation == "silu" else leaky_relu(x, 0.01)
