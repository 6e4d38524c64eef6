"""Where a fit is: everything beside the weights that continuing exactly needs."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

#: One row of metrics.
Record = dict[str, float | int | str]


@dataclass
class FitState:
    """Position and memory of the training loop.

    Attributes
    ----------
    phase, epoch
        Phase that is next to continue, and its epochs done.
    epoch_total
        Epochs done over all phases.
    best_loss, best
        Best validation loss of each replicate in this phase, shape ``(K,)``, and the weights
        that gave it; those at the start of the phase before the first evaluation.
    waited
        Evaluations since the best, shape ``(K,)``.
    stopped
        Replicates that have stopped improving or broken in this phase, shape ``(K,)``.
    draw_weights, draw_counts
        How likely every sample is drawn, in double precision, and how often it was; shape
        ``(K, N)``, or ``(K, 0)`` while draws are uniform.
    draw_log
        How uneven draws were and who got them, one entry every time weights were found.
    draw_stage
        How often the weights were found; -1 before the first epoch.
    draw_epochs
        Epochs in which every sample was drawn once, before there were weights.
    """

    best_loss: Tensor
    waited: Tensor
    stopped: Tensor
    draw_weights: Tensor
    draw_counts: Tensor
    draw_log: list[Record] = field(default_factory=list)
    draw_stage: int = -1
    draw_epochs: int = 0
    phase: int = 0
    epoch: int = 0
    epoch_total: int = 0
    best: dict[str, Tensor] = field(default_factory=dict)

    @classmethod
    def start(cls, replicates: int) -> FitState:
        """Return the state before the first epoch."""
        return cls(
            best_loss=torch.full((replicates,), float("inf")),
            waited=torch.zeros(replicates, dtype=torch.int64),
            stopped=torch.zeros(replicates, dtype=torch.bool),
            draw_weights=torch.zeros(replicates, 0, dtype=torch.float64),
            draw_counts=torch.zeros(replicates, 0, dtype=torch.int64),
        )

    def next_phase(self) -> None:
        """Move to the start of the next phase and forget what belongs to one phase."""
        fresh = FitState.start(len(self.best_loss))
        self.best_loss, self.waited, self.stopped = fresh.best_loss, fresh.waited, fresh.stopped
        self.best = {}
        self.phase += 1
        self.epoch = 0

    def judge(self, loss: Tensor, weights: dict[str, Tensor], patience: int | None) -> None:
        """Remember each replicate's best weights; mark those that ran out of patience.

        Parameters
        ----------
        loss
            Validation loss of each replicate, shape ``(K,)``; not finite means broken.
        weights
            Current state, shape ``(K, …)``.
        patience
            Evaluations to wait for a better loss; ``None`` waits for ever.
        """
        better = (loss < self.best_loss) & ~self.stopped
        for k in torch.nonzero(better).flatten().tolist():
            for name, value in weights.items():
                self.best[name][k] = value[k]
        self.best_loss = torch.where(better, loss, self.best_loss)
        self.waited = torch.where(better, 0, self.waited + 1)
        self.stopped |= ~torch.isfinite(loss)
        if patience is not None:
            self.stopped |= self.waited >= patience
