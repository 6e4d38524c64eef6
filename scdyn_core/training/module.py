"""What the trainer asks of a model."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class EpochContext:
    """Where training is, for modules that change after an epoch.

    Attributes
    ----------
    phase
        Name of the phase.
    epoch
        Epochs of this phase that are done.
    epochs
        Epochs the phase may take.
    """

    phase: str
    epoch: int
    epochs: int


class TrainableModule(nn.Module):
    """A model with named loss terms, trained alone or as one of many stacked replicates.

    All state that training changes lives in parameters and buffers, so that a checkpoint of
    both continues exactly. ``forward`` must be traceable by ``torch.func.vmap``.
    """

    @abstractmethod
    def forward(self, batch: Mapping[str, Tensor], terms: frozenset[str]) -> dict[str, Tensor]:
        """Return loss terms (scalars) of a batch.

        Parameters
        ----------
        batch
            Name -> tensor, first axis the samples of the batch.
        terms
            The terms the phase trains or records; others need not be computed.
        """

    def latent(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return where the model sees the samples of a batch, shape ``(n, L)``.

        The expectation of the posterior: nothing is drawn. Called in evaluation mode.
        """
        raise NotImplementedError

    def monitor(self, state: Mapping[str, Tensor]) -> dict[str, float]:
        """Return numbers to record beside the losses, such as the count of active terms."""
        return {}

    def finished(self, state: Mapping[str, Tensor], context: EpochContext) -> bool:
        """Return whether this replicate needs no more epochs of the phase.

        The phase ends when no replicate needs more; until then all go on.
        """
        return False

    def after_epoch(
        self, state: dict[str, Tensor], data: Mapping[str, Tensor], context: EpochContext
    ) -> None:
        """Change ``state`` in place after an epoch (thresholding, closed-form solves).

        Parameters
        ----------
        state
            Parameter and buffer name -> tensor of one replicate.
        data
            The samples of the phase, on the device.
        context
            Where training is.
        """
