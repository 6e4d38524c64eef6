"""A network that reads the recurrent state and one more input."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from scdyn_core.nn.mlp import MLP


class Reader(nn.Module):
    """A multilayer perceptron of ``(h, own)`` with ReLU between its layers.

    The first layer's columns for ``h`` and for ``own`` stand apart: what ``own`` adds is computed
    for all times at once (``added``), and no weights are cut in the loop over times.

    Parameters
    ----------
    hidden, own, outputs
        Sizes of both inputs and of the output.
    widths
        Hidden layers.
    generator
        Source of the start weights, N(0, 2 / (fan_in + fan_out)) (Glorot and Bengio 2010).
    """

    def __init__(
        self,
        hidden: int,
        own: int,
        widths: Sequence[int],
        outputs: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        sizes = (*widths, outputs)
        scale = (2.0 / (hidden + own + sizes[0])) ** 0.5
        self.state = nn.Parameter(torch.randn(sizes[0], hidden, generator=generator) * scale)
        self.own = nn.Parameter(torch.randn(sizes[0], own, generator=generator) * scale)
        self.bias = nn.Parameter(torch.zeros(sizes[0]))
        self.later = MLP(sizes, "relu", generator) if widths else None

    def added(self, own: Tensor) -> Tensor:
        """Return what the other input adds to the first layer."""
        return linear(own, self.own)

    def forward(self, h: Tensor, added: Tensor) -> Tensor:
        """Return the output for states ``(…, hidden)`` and what the other input added."""
        layer = linear(h, self.state, self.bias) + added
        if self.later is None:
            return layer
        output: Tensor = self.later(torch.relu(layer))
        return output
