"""A small model for tests of the loop: fit a line with one term that can be broken."""

import torch
from torch import nn

from scdyn_core.training.module import TrainableModule


class Line(TrainableModule):
    """y = slope · x + shift; ``floor`` is a buffer that an epoch changes."""

    def __init__(self, seed, breaks_below=None):
        super().__init__()
        start = torch.randn(3, 1, generator=torch.Generator().manual_seed(seed))
        self.slope = nn.Parameter(start)
        self.shift = nn.Parameter(torch.zeros(1))
        self.breaks_below = breaks_below
        self.register_buffer("floor", torch.zeros(1))

    def forward(self, batch, terms):
        error = (batch["x"] @ self.slope + self.shift - batch["y"]).square().mean()
        if self.breaks_below is not None:
            # Not a number in value and in gradient, as a real overflow is.
            error = error * torch.where(error < self.breaks_below, torch.nan, 1.0)
        losses = {"fit": error, "pull": self.slope.abs().sum() + 0 * self.floor.sum()}
        return {name: losses[name] for name in terms}

    def after_epoch(self, state, data, context):
        state["floor"].add_(1.0)


def data(n=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 3, generator=generator)
    noise = 0.1 * torch.randn(n, 1, generator=generator)
    truth = torch.tensor([[1.0], [-2.0], [0.5]])
    return {"x": x.numpy(), "y": (x @ truth + noise).numpy()}
