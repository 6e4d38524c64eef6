"""Reading networks out over many cells, a block after another, so that memory stays small."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Cells = dict[str, Tensor]
#: Cells that are read at once.
BLOCK = 2048


def blocks(cells: Cells, step: int) -> Iterator[Cells]:
    """Yield the cells in blocks of at most ``step``."""
    n = len(next(iter(cells.values())))
    for number in range(max(1, math.ceil(n / step))):
        rows = slice(number * step, (number + 1) * step)
        yield {name: value[rows] for name, value in cells.items()}


@torch.no_grad()
def read_in_blocks(said: Callable[[Cells], Tensor], cells: Cells) -> NDArray[np.float64]:
    """Return what is said of every cell, shape ``(n, …)``."""
    return np.asarray(torch.cat([said(own) for own in blocks(cells, BLOCK)]).double().numpy())
