"""A multilayer perceptron that carries tangents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from scdyn_core.nn.dual import ActivationName, activate, activate_dual


class MLP(nn.Module):
    """Linear layers with an activation between them; the last layer is linear.

    Weights start from N(0, 2 / (fan_in + fan_out)) (Glorot & Bengio 2010), biases from 0.

    Parameters
    ----------
    widths
        Sizes of input, hidden layers and output.
    activation
        Between the layers.
    generator
        Source of the start weights.
    """

    def __init__(
        self, widths: Sequence[int], activation: ActivationName, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.activation: ActivationName = activation
        self.weights = nn.ParameterList()
        self.biases = nn.ParameterList()
        for fan_in, fan_out in pairwise(widths):
            weight = torch.randn(fan_out, fan_in, generator=generator)
            self.weights.append(nn.Parameter(weight * (2.0 / (fan_in + fan_out)) ** 0.5))
            self.biases.append(nn.Parameter(torch.zeros(fan_out)))

    def forward(self, x: Tensor) -> Tensor:
        """Return the output, shape ``(n, widths[-1])``, for ``x`` of shape ``(n, widths[0])``."""
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = linear(x, weight, bias)
            if layer < last:
                x = activate(self.activation, x)
        return x

    def dual(self, x: Tensor, tangent: Tensor) -> tuple[Tensor, Tensor]:
        """Return the output and its derivative along ``tangent`` (shape of ``x``)."""
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x, tangent = linear(x, weight, bias), linear(tangent, weight)
            if layer < last:
                x, tangent = activate_dual(self.activation, x, tangent)
        return x, tangent

    def weight_l1(self) -> Tensor:
        """Return the sum of |weight| over all layers, biases left out; a scalar."""
        total: Tensor = torch.stack([weight.abs().sum() for weight in self.weights]).sum()
        return total
