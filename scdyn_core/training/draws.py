"""Which samples every replicate draws: weights found anew while the model learns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.reporter import Reporter
from scdyn_core.training.ensemble import Ensemble
from scdyn_core.training.phase import Phase
from scdyn_core.training.population import MASS, Population
from scdyn_core.training.progress import FitState, Record
from scdyn_core.training.resampling.options import SamplingOptions
from scdyn_core.training.resampling.shaping import effective_share
from scdyn_core.training.resampling.weights import sample_weights
from scdyn_core.training.sampler import draw, uniform_batches, weighted_batches
from scdyn_core.training.seeding import derive_seed

#: Samples whose latents are found at once.
CHUNK = 8192
Part = Mapping[str, Tensor]


@dataclass
class Draws:
    """Draws the batches of every epoch.

    Attributes
    ----------
    epochs
        Epochs of all phases, at most.
    """

    options: SamplingOptions
    population: Population
    epochs: int
    seed: int
    reporter: Reporter

    def batches(
        self,
        ensemble: Ensemble,
        part: Part,
        phase: Phase,
        fit: FitState,
        generator: torch.Generator,
    ) -> Iterator[Tensor | None]:
        """Yield the positions of each batch of the next epoch.

        Shape ``(n,)``, the same for all replicates; or ``(K, n)``, each its own; or ``None`` for
        the whole part. Samples to adapt to are always drawn uniformly.
        """
        n = len(next(iter(part.values())))
        if phase.part == "train":
            self._refresh(ensemble, part, phase, fit, n)
        if phase.part != "train" or not len(fit.draw_weights[0]):
            fit.draw_epochs += phase.part == "train"
            yield from uniform_batches(n, phase.batch_size, generator)
            return
        weights = fit.draw_weights.to(generator.device)
        positions = draw(weights, self.options.draw, generator)
        counts = fit.draw_counts
        counts.scatter_add_(1, positions.to(counts.device), torch.ones_like(counts))
        yield from weighted_batches(positions, phase.batch_size)

    def _refresh(self, ensemble: Ensemble, part: Part, phase: Phase, fit: FitState, n: int) -> None:
        """Find the weights again where it is time to."""
        stage = self._stage(fit.epoch_total)
        if self.options.scheme == "uniform" or stage <= fit.draw_stage:
            return
        fit.draw_stage = stage
        if stage == 0:
            even = np.full(n, 1.0 / n)
            for replicate in range(ensemble.size):
                self._record(even, replicate, phase, fit)
            return
        found = np.stack(
            [self._weights(ensemble, part, k, fit.epoch_total, n) for k in range(ensemble.size)]
        )
        new = torch.as_tensor(found)
        if len(fit.draw_weights[0]):
            kept = self.options.memory
            new = kept * fit.draw_weights + (1.0 - kept) * new
        fit.draw_weights = new
        if not len(fit.draw_counts[0]):
            fit.draw_counts = torch.full(new.shape, fit.draw_epochs, dtype=torch.int64)
        for replicate, weights in enumerate(new.numpy()):
            self._record(weights, replicate, phase, fit)

    def _stage(self, epoch: int) -> int:
        """Return how often weights should have been found before this epoch; 0: still uniform."""
        if not self.options.adaptive:
            return 1
        start = ceil(self.options.warm_up * self.epochs)
        if epoch < start:
            return 0
        return 1 + (epoch - start) * self.options.refreshes // (self.epochs - start)

    def _weights(
        self, ensemble: Ensemble, part: Part, replicate: int, epoch: int, n: int
    ) -> NDArray[np.float64]:
        known = self.population
        latent = known.embedding
        if self.options.adaptive:
            latent = latents_of(ensemble, part, replicate)
        return sample_weights(
            self.options,
            latent=latent,
            classes=known.balanced,
            seed=derive_seed(self.seed, "weights", epoch, replicate) % 2**31,
        )

    def _record(
        self, weights: NDArray[np.float64], replicate: int, phase: Phase, fit: FitState
    ) -> None:
        """Say how uneven the draws are and who gets them, from the next epoch on."""
        masses = self.population.masses(weights)
        record: Record = {
            "phase": phase.name,
            "epoch": fit.epoch + 1,
            "epoch_total": fit.epoch_total + 1,
            "part": "sampling",
            "replicate": replicate,
            "effective_share": effective_share(weights),
            "most": float(weights.max() * len(weights)),
            **{f"{MASS}{name}": mass for name, mass in masses.items()},
        }
        fit.draw_log.append(record)
        self.reporter.metrics(record)


@torch.no_grad()
def latents_of(ensemble: Ensemble, part: Part, replicate: int) -> NDArray[np.float32]:
    """Return where a replicate sees every sample, its posterior mean, shape ``(N, L)``."""
    template = ensemble.template
    was_training = template.training
    # The weights of this form are nobody's: those of the replicate are put there to be read.
    template.load_state_dict(ensemble.replicate_states()[replicate])
    template.eval()
    n = len(next(iter(part.values())))
    chunks = [
        template.latent({name: value[start : start + CHUNK] for name, value in part.items()})
        for start in range(0, n, CHUNK)
    ]
    template.train(was_training)
    found: NDArray[np.float32] = torch.cat(chunks).cpu().numpy()
    return found
