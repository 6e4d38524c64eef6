"""What a method works on and how it learns, as far as pages must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scdyn_core.methods.method import Method

#: Options of the trainer that mean nothing to a method without epochs.
_OF_EPOCHS = ("device", "checkpoint_seconds")


def trains_in_epochs(method: Method | None) -> bool:
    """Return whether a method is trained step by step, with losses to look at."""
    from scdyn_core.methods.method import TrainedMethod

    return isinstance(method, TrainedMethod)


def learns_from_genes(method: Method) -> bool:
    """Return whether the samples of a method are genes rather than cells."""
    return method.samples == "genes"


def idle_options(method: Method) -> tuple[str, ...]:
    """Return the training options that change nothing for a method."""
    return () if trains_in_epochs(method) else _OF_EPOCHS
