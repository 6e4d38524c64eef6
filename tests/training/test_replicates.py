"""Replicates of a model with matrices: each learns what it would learn alone."""

import torch
from torch import nn

from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.module import TrainableModule
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase
from tests.training.curve import data


class TwoMatrices(TrainableModule):
    """y = B tanh(A x), with A of shape (5, 3) and B of shape (1, 5)."""

    def __init__(self, seed):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.first = nn.Parameter(torch.randn(5, 3, generator=generator))
        self.second = nn.Parameter(torch.randn(1, 5, generator=generator))

    def forward(self, batch, terms):
        found = torch.tanh(batch["x"] @ self.first.mT) @ self.second.mT
        return {"fit": (found - batch["y"]).square().mean()}


def test_matrices_of_replicates_step_as_if_alone():
    phases = [Phase("fit", epochs=20, weights={"fit": 1.0}, learning_rate=0.05)]
    seeds = []

    def train(build, **options):
        settings = TrainingOptions(device="cpu", seed=7, **options)
        return fit(build, phases, data(), data(32, seed=1), settings, SilentReporter(), None)

    together = train(lambda seed: seeds.append(seed) or TwoMatrices(seed), replicates=3)
    for seed, replicate in zip(seeds, together, strict=True):
        (alone,) = train(lambda _, seed=seed: TwoMatrices(seed))
        torch.testing.assert_close(alone.first, replicate.first)
