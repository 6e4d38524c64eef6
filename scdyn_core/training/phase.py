"""A phase: what is trained, for how long, against which loss terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: Adam's guard against division by zero, where a phase has no other.
EPSILON = 1e-8


@dataclass(frozen=True)
class Phase:
    """One stretch of training with constant rules.

    Attributes
    ----------
    name
        Shown to the user: ``fit``, ``refine``.
    epochs
        Passes over the training part, at most.
    weights
        Loss term -> weight. A term of weight 0 is recorded but not trained.
    learning_rate, schedule
        Adam's step size and how it falls over the phase.
    rates
        Step sizes of parameters that have one of their own, by name; they fall alike.
    epsilon
        Adam's guard against division by zero; a large one slows parameters of small gradients.
    part
        Samples that are trained on: ``train``, or ``adapt``.
    batch_size
        Samples a step; ``None`` takes the whole training part at once.
    clip_norm
        Largest gradient norm per replicate; ``None`` leaves it free.
    frozen
        Parameters that do not move in this phase, by name. Where none moves, the module finds
        what it needs in ``after_epoch``.
    fresh_optimiser
        Forget Adam's moments at the start of the phase.
    validate_every
        Epochs between evaluations on train and validation.
    patience
        Evaluations without a better validation loss before the phase ends; ``None``: never.
    restore_best
        Go on from the weights with the best validation loss at the end of the phase.
    """

    name: str
    epochs: int
    weights: Mapping[str, float]
    learning_rate: float
    schedule: Literal["constant", "cosine"] = "constant"
    rates: Mapping[str, float] = field(default_factory=dict)
    epsilon: float = EPSILON
    part: Literal["train", "adapt"] = "train"
    batch_size: int | None = None
    clip_norm: float | None = None
    frozen: tuple[str, ...] = ()
    fresh_optimiser: bool = False
    validate_every: int = 10
    patience: int | None = None
    restore_best: bool = False
