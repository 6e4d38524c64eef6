"""A phase: what is trained, for how long, against which loss terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


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
    batch_size
        Samples a step; ``None`` takes the whole training part at once.
    clip_norm
        Largest gradient norm per replicate; ``None`` leaves it free.
    frozen
        Parameters that do not move in this phase, by name.
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
    batch_size: int | None = None
    clip_norm: float | None = None
    frozen: tuple[str, ...] = ()
    fresh_optimiser: bool = False
    validate_every: int = 10
    patience: int | None = None
    restore_best: bool = False
