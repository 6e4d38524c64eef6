"""Samplers: which samples make up the batches of an epoch."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor


def uniform_batches(
    n: int, batch_size: int | None, generator: torch.Generator
) -> Iterator[Tensor | None]:
    """Yield the positions of each batch of an epoch, every sample once in random order.

    Batches are of equal size, as near to ``batch_size`` as that allows: a last batch of a few
    samples would weigh as much as a full one. ``None`` stands for the whole part at once,
    which needs no indexing.
    """
    if batch_size is None or batch_size >= n:
        yield None
        return
    order = torch.randperm(n, generator=generator, device=generator.device)
    yield from torch.tensor_split(order, max(1, round(n / batch_size)))
