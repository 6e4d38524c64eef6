"""The published network as anyone would write it with torch's own parts: what an epoch costs."""

from __future__ import annotations

import time

import torch
from torch import Tensor, nn

HIDDEN, LATENTS, WIDTH, BATCH, BETA = 32, 64, 64, 400, 1e-6


def two_layers(inputs: int) -> nn.Sequential:
    """Return two layers with ReLU."""
    return nn.Sequential(nn.Linear(inputs, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU())


class PlainVrnn(nn.Module):
    """Encoder, prior, LSTM cell and decoder, one time after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.prior = two_layers(HIDDEN + 1), two_layers(HIDDEN)
        self.heads = nn.ModuleList(nn.Linear(WIDTH, LATENTS) for _ in range(4))
        self.cell = nn.LSTMCell(1 + LATENTS, HIDDEN)
        self.decoder = nn.Sequential(
            nn.Linear(HIDDEN + LATENTS, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the loss of curves ``(B, T)``."""
        h = c = torch.zeros(len(x), HIDDEN)
        loss = torch.zeros(())
        for value in x.split(1, dim=1):
            encoded, prior = self.encoder(torch.cat([h, value], 1)), self.prior(h)
            mean, log_variance = self.heads[0](encoded), self.heads[1](encoded)
            other, other_log_variance = self.heads[2](prior), self.heads[3](prior)
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            h, c = self.cell(torch.cat([value, z], 1), (h, c))
            error = value - self.decoder(torch.cat([h, z], 1))
            scaled = (log_variance.exp() + (mean - other) ** 2) / other_log_variance.exp()
            kl = 0.5 * (other_log_variance - log_variance + scaled - 1).sum(1)
            loss = loss + (0.5 * error.square().sum(1) + BETA * kl).mean()
        return loss


def plain_epoch_seconds(train: Tensor, held_out: Tensor, epochs: int) -> float:
    """Return the CPU seconds of an epoch with torch's Adam; the held-out genes are scored in it."""
    network = PlainVrnn()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-4)
    start = time.process_time()
    for _ in range(epochs):
        for rows in torch.randperm(len(train)).split(BATCH):
            optimiser.zero_grad()
            network(train[rows]).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
        with torch.no_grad():
            network(held_out)
    return (time.process_time() - start) / epochs
