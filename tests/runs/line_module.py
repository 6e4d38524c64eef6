from __future__ import annotations

import time

import torch
from torch import nn

from scdyn_core.training.module import TrainableModule


class LineModule(TrainableModule):
    """Squared distance of cells from a line through the origin."""

    def __init__(self, genes: int, pause: float, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.direction = nn.Parameter(0.1 * torch.randn(genes, generator=generator))
        self.pause = pause

    def forward(self, batch, terms):
        x = batch["x"]
        along = (x @ self.direction)[:, None] * self.direction
        return {"distance": ((x - along) ** 2).mean()}

    def after_epoch(self, state, data, context):
        time.sleep(self.pause)
