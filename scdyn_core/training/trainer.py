"""The one training loop, for every method and any number of replicates."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from scdyn_core.errors import TrainingError
from scdyn_core.reporter import Cancelled, Reporter
from scdyn_core.training.adam import Adam
from scdyn_core.training.checkpoint import Checkpoints
from scdyn_core.training.draws import Draws
from scdyn_core.training.ensemble import Ensemble, clip_gradients
from scdyn_core.training.module import EpochContext
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase
from scdyn_core.training.population import Population
from scdyn_core.training.progress import FitState
from scdyn_core.training.seeding import derive_seed

Part = Mapping[str, Tensor]


@dataclass
class Trainer:
    """Trains an ensemble through its phases.

    Attributes
    ----------
    ensemble
        The replicates; changed in place.
    train, validation, adapt
        Name -> tensor on the device, first axis the samples; ``adapt`` where a phase asks for it.
    population
        What is known of the training samples, for those who decide which are drawn.
    phases
        What is trained, in order.
    checkpoints
        Where to continue from and save to; ``None`` keeps nothing.
    """

    ensemble: Ensemble
    train: Part
    validation: Part
    phases: Sequence[Phase]
    options: TrainingOptions
    reporter: Reporter
    checkpoints: Checkpoints | None = None
    adapt: Part = field(default_factory=dict)
    population: Population = field(default_factory=Population)

    def run(self) -> None:
        """Train every phase to its end, from the checkpoint if there is one.

        Raises
        ------
        Cancelled
            When the reporter says so; a checkpoint is saved first.
        TrainingError
            When every replicate broke in the first phase, before a single finite evaluation.
        """
        self.optimiser = Adam(self.ensemble.parameters)
        restored = self.checkpoints and self.checkpoints.restore(self.ensemble, self.optimiser)
        self.fit = restored or FitState.start(self.ensemble.size)
        epochs = sum(phase.epochs for phase in self.phases)
        options = self.options
        self.draws = Draws(options.sampling, self.population, epochs, options.seed, self.reporter)
        self.saved_at = time.monotonic()
        while self.fit.phase < len(self.phases):
            phase = self.phases[self.fit.phase]
            if self.fit.epoch == 0 and phase.fresh_optimiser:
                self.optimiser = Adam(self.ensemble.parameters)
            self._run_phase(phase)
            self._end_phase(phase)

    def drawn(self) -> tuple[Tensor, Tensor]:
        """Return how likely every training sample is drawn, and how often it was; ``(K, N)``."""
        if len(self.fit.draw_weights[0]):
            return self.fit.draw_weights, self.fit.draw_counts
        samples = len(next(iter(self.train.values())))
        every = torch.ones(self.ensemble.size, samples, dtype=torch.int64)
        return every.double() / samples, every * self.fit.draw_epochs

    def _run_phase(self, phase: Phase) -> None:
        if not self.fit.best:
            self.fit.best = {k: value.clone() for k, value in self.ensemble.state().items()}
        total = sum(each.epochs for each in self.phases)
        while not self._done(phase):
            self._keep(phase)
            self._epoch(phase)
            self.fit.epoch += 1
            self.fit.epoch_total += 1
            self._after_epoch(phase)
            if self.fit.epoch % phase.validate_every == 0 or self.fit.epoch == phase.epochs:
                self._evaluate(phase)
            self.reporter.progress(f"training: {phase.name}", self.fit.epoch_total, total)

    def _done(self, phase: Phase) -> bool:
        """Return whether the phase has had its epochs, or nobody needs more of them."""
        if self.fit.epoch >= phase.epochs or bool(self.fit.stopped.all()):
            return True
        context = EpochContext(phase.name, self.fit.epoch, phase.epochs)
        return self.fit.epoch > 0 and all(
            self.ensemble.template.finished(state, context)
            for state in self.ensemble.replicate_states()
        )

    def _epoch(self, phase: Phase) -> None:
        part = self._part(phase)
        device = next(iter(part.values())).device
        seed = derive_seed(self.options.seed, "epoch", self.fit.epoch_total)
        torch.manual_seed(seed)
        generator = torch.Generator(device).manual_seed(seed)
        for positions in self.draws.batches(self.ensemble, part, phase, self.fit, generator):
            batch = part if positions is None else _rows(part, positions)
            self._step(batch, phase, own=positions is not None and positions.dim() == 2)

    def _part(self, phase: Phase) -> Part:
        return self.adapt if phase.part == "adapt" else self.train

    def _step(self, batch: Part, phase: Phase, *, own: bool) -> None:
        moving = {k: v for k, v in self.ensemble.parameters.items() if k not in phase.frozen}
        if not moving:
            return
        losses = self.ensemble.losses(batch, frozenset(phase.weights), own=own)
        total = torch.stack([w * losses[name] for name, w in phase.weights.items() if w])
        gradients = torch.autograd.grad(
            total.sum(), list(moving.values()), allow_unused=True, materialize_grads=True
        )
        if phase.clip_norm is not None:
            clip_gradients(gradients, phase.clip_norm)
        with torch.no_grad():
            share = _share_of_rate(phase, self.fit.epoch)
            self.optimiser.step(
                dict(zip(moving, gradients, strict=True)),
                phase.learning_rate * share,
                {name: rate * share for name, rate in phase.rates.items()},
                phase.epsilon,
            )

    @torch.no_grad()
    def _after_epoch(self, phase: Phase) -> None:
        context = EpochContext(phase.name, self.fit.epoch, phase.epochs)
        for state in self.ensemble.replicate_states():
            self.ensemble.template.after_epoch(state, self._part(phase), context)

    @torch.no_grad()
    def _evaluate(self, phase: Phase) -> None:
        """Record every term on both parts; judge each replicate by its validation loss."""
        terms = frozenset(phase.weights)
        self.ensemble.template.eval()
        monitors = [
            self.ensemble.template.monitor(state) for state in self.ensemble.replicate_states()
        ]
        for name, part in (("train", self.train), ("validation", self.validation)):
            losses = {k: v.cpu() for k, v in self.ensemble.losses(part, terms).items()}
            weighted = [weight * losses[term] for term, weight in phase.weights.items() if weight]
            loss = torch.stack(weighted).sum(0)
            for k in range(self.ensemble.size):
                self.reporter.metrics(
                    {
                        "phase": phase.name,
                        "epoch": self.fit.epoch,
                        "epoch_total": self.fit.epoch_total,
                        "part": name,
                        "replicate": k,
                        "loss": float(loss[k]),
                        **{term: float(value[k]) for term, value in losses.items()},
                        **monitors[k],
                    }
                )
        self.ensemble.template.train()
        self._guard(losses, phase)
        self.fit.judge(loss, self.ensemble.state(), phase.patience)

    def _guard(self, losses: Mapping[str, Tensor], phase: Phase) -> None:
        """Say which term broke; go on as long as some replicate has weights worth keeping."""
        for name, values in losses.items():
            for k in torch.nonzero(~torch.isfinite(values) & ~self.fit.stopped).flatten().tolist():
                self.reporter.log(
                    f"replicate {k}: {name} is not finite after epoch {self.fit.epoch} of "
                    f"{phase.name}; its best earlier weights are kept"
                )
        finite = torch.stack(list(losses.values())).isfinite().all(0)
        # A later phase can always fall back on what the one before it learned.
        if self.fit.phase == 0 and not bool((finite | self.fit.best_loss.isfinite()).any()):
            broken = next(name for name, v in losses.items() if not bool(v.isfinite().all()))
            raise TrainingError(
                f"{phase.name}, epoch {self.fit.epoch}",
                found=f"the loss term {broken!r} is not a finite number in any replicate",
                needed="finite losses",
                fix="Lower the learning rate or the weight of this term.",
            )

    @torch.no_grad()
    def _end_phase(self, phase: Phase) -> None:
        """Put the best weights back where the phase asks for it or a replicate stopped."""
        last = self.ensemble.state()
        back = torch.full_like(self.fit.stopped, phase.restore_best) | self.fit.stopped
        for k in torch.nonzero(back).flatten().tolist():
            for name, value in self.fit.best.items():
                last[name][k] = value[k]
            # A memory of other gradients, which may be broken, must not move these weights.
            self.optimiser.forget(k)
        # Epochs that early stopping saved still count as done, so that progress ends at 100 %.
        self.fit.epoch_total += phase.epochs - self.fit.epoch
        self.fit.next_phase()
        self._save()

    def _keep(self, phase: Phase) -> None:
        """Save when it is time to; stop here when the user asked for it."""
        if self.reporter.cancelled():
            self._save()
            raise Cancelled
        if time.monotonic() - self.saved_at >= self.options.checkpoint_seconds:
            self._save()

    def _save(self) -> None:
        if self.checkpoints is not None:
            self.checkpoints.save(self.ensemble, self.optimiser, self.fit)
        self.saved_at = time.monotonic()


def _rows(part: Part, positions: Tensor) -> dict[str, Tensor]:
    return {name: value[positions] for name, value in part.items()}


def _share_of_rate(phase: Phase, epoch: int) -> float:
    if phase.schedule == "constant":
        return 1.0
    return 0.5 * (1.0 + math.cos(math.pi * epoch / phase.epochs))
