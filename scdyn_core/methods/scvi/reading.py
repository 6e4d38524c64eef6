"""From stored arrays to what a network is built from and reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from scdyn_core.data.split import Part
from scdyn_core.methods.method import Tensors


@dataclass(frozen=True)
class Reading:
    """What a network must know of the training cells.

    Attributes
    ----------
    batches
        Levels of the batch; 0 where it is not used.
    depth
        Log of the depth that counts are scaled to.
    mean, scale
        Of every gene's log-normalised counts, shape ``(G,)``.
    log_share
        Log of every gene's share of all counts, shape ``(G,)``.
    log_dispersion
        Of every gene around its share, shape ``(G,)``.
    """

    batches: int
    depth: float
    mean: Tensor
    scale: Tensor
    log_share: Tensor
    log_dispersion: Tensor

    @classmethod
    def of(cls, tensors: Tensors) -> Reading:
        """Return what the arrays of a run say."""
        known = tensors.constants
        single = {
            name: torch.as_tensor(np.asarray(known[name]), dtype=torch.float32)
            for name in ("mean", "scale", "log_share", "log_dispersion")
        }
        return cls(batches=int(known["batches"]), depth=float(known["depth"]), **single)


def cells_of(tensors: Tensors, part: Part) -> dict[str, Tensor]:
    """Return the cells of a part as the network reads them."""
    return {
        name: torch.as_tensor(np.asarray(array), dtype=torch.float32)
        for name, array in tensors.parts[part].items()
    }
