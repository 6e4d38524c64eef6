"""A multilayer perceptron that carries tangents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from scdyn_core.nn.dual import ActivationName, activate, activate_dual

#: Factor on the last layer of an MLP that starts next to a linear map.
SMALL_START = 0.1


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

    @torch.no_grad()
    def relabel_inputs(self, order: Tensor, signs: Tensor) -> None:
        """Read input ``order[i]`` times ``signs[i]`` from place ``i``, in place."""
        self.weights[0].copy_(self.weights[0][:, order] * signs)


class BentLinear(MLP):
    """A linear map, and an MLP that bends it: ``x Aᵀ + MLP(x)``.

    Starts next to the linear map: the MLP's last layer starts ten times smaller than elsewhere.

    Parameters
    ----------
    linear
        Start of ``A``, shape ``(widths[-1], widths[0])``; trained with the rest.
    """

    def __init__(
        self,
        widths: Sequence[int],
        activation: ActivationName,
        generator: torch.Generator,
        linear: Tensor,
    ) -> None:
        super().__init__(widths, activation, generator)
        self.linear = nn.Parameter(linear.clone())
        with torch.no_grad():
            self.weights[-1].mul_(SMALL_START)

    def forward(self, x: Tensor) -> Tensor:
        """Return the output, shape ``(n, widths[-1])``, for ``x`` of shape ``(n, widths[0])``."""
        return linear(x, self.linear) + super().forward(x)

    def dual(self, x: Tensor, tangent: Tensor) -> tuple[Tensor, Tensor]:
        """Return the output and its derivative along ``tangent`` (shape of ``x``)."""
        bent, bent_tangent = super().dual(x, tangent)
        return linear(x, self.linear) + bent, linear(tangent, self.linear) + bent_tangent

    def weight_l1(self) -> Tensor:
        """Return the sum of |weight| over all layers and the linear map, biases left out."""
        return super().weight_l1() + self.linear.abs().sum()

    @torch.no_grad()
    def relabel_inputs(self, order: Tensor, signs: Tensor) -> None:
        """Read input ``order[i]`` times ``signs[i]`` from place ``i``, in place."""
        super().relabel_inputs(order, signs)
        self.linear.copy_(self.linear[:, order] * signs)
