"""From stored arrays to what the network is built from and reads."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from scdyn_core.data.split import Part
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.svae.network import Reading


def reading_of(tensors: Tensors) -> Reading:
    """Return what a network must know of the training cells."""
    known = tensors.constants

    def single(name: str) -> Tensor:
        return torch.as_tensor(np.asarray(known[name]), dtype=torch.float32)

    return Reading(
        members=torch.as_tensor(np.asarray(known["members"])).long(),
        targets=len(known["cells"]),
        batches=int(known["batches"]),
        depth=float(known["depth"]),
        mean=single("mean"),
        scale=single("scale"),
        log_share=single("log_share"),
        cells=single("cells"),
        control=int(known["control"]),
    )


def cells_of(tensors: Tensors, part: Part) -> dict[str, Tensor]:
    """Return the cells of a part as the network reads them."""
    return {
        name: torch.as_tensor(np.asarray(array), dtype=torch.float32)
        for name, array in tensors.parts[part].items()
    }
