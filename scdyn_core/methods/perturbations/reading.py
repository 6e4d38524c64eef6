"""From stored arrays to what networks are built from and read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.data.split import Part
from scdyn_core.methods.method import Tensors
from scdyn_core.training.seeding import derive_seed

Cells = dict[str, Tensor]
#: Unperturbed cells that responses are decoded from, at most.
MOST_CELLS = 500


@dataclass(frozen=True)
class Reading:
    """What the network must know of the training cells.

    Attributes
    ----------
    members
        Targets of every label, shape ``(A, P)``; ``T`` stands for none.
    targets
        ``T``.
    batches
        Levels of the batch; 0 where it is not used.
    depth
        Log of the depth that counts are scaled to.
    mean, scale
        Of every gene's log-normalised counts, shape ``(G,)``.
    log_share
        Log of every gene's share of all counts, shape ``(G,)``.
    cells
        Training cells of every target, shape ``(T,)``.
    control
        Label of the unperturbed cells; -1 without them.
    """

    members: Tensor
    targets: int
    batches: int
    depth: float
    mean: Tensor
    scale: Tensor
    log_share: Tensor
    cells: Tensor
    control: int


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


def some_cells(cells: Cells, rows: NDArray[np.int64], seed: int) -> Cells:
    """Return at most ``MOST_CELLS`` of the given cells."""
    rng = np.random.default_rng(derive_seed(seed, "decoded cells"))
    chosen = rng.choice(rows, min(len(rows), MOST_CELLS), replace=False)
    return {name: value[torch.as_tensor(np.sort(chosen))] for name, value in cells.items()}
