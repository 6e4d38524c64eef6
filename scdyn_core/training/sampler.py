"""Samplers: which samples make up the batches of an epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

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
    yield from torch.tensor_split(order, batches_of(n, batch_size))


def weighted_batches(positions: Tensor, batch_size: int | None) -> Iterator[Tensor]:
    """Yield the positions of each batch of an epoch, as many batches as ``uniform_batches``.

    Parameters
    ----------
    positions
        Samples drawn by every replicate, shape ``(K, N)``.
    """
    n = positions.shape[1]
    whole = batch_size is None or batch_size >= n
    yield from torch.tensor_split(positions, 1 if whole else batches_of(n, batch_size or n), dim=1)


def batches_of(n: int, batch_size: int) -> int:
    """Return the number of batches of an epoch."""
    return max(1, round(n / batch_size))


def draw(
    weights: Tensor, how: Literal["systematic", "independent"], generator: torch.Generator
) -> Tensor:
    """Return ``N`` samples for every replicate, in random order, shape ``(K, N)``.

    Parameters
    ----------
    weights
        Of every sample, not negative, shape ``(K, N)``.
    how
        Systematic draws take sample ``i`` as often as ``N w_i`` says, rounded up or down by
        chance, so that with equal weights every sample is taken once. Independent draws are with
        replacement.
    """
    if how == "independent":
        return torch.multinomial(weights, weights.shape[1], replacement=True, generator=generator)
    n = weights.shape[1]
    # In an order of chance: neighbours in the file must not decide together who is rounded up.
    order = _random_order(weights, generator)
    reached = weights.gather(1, order).cumsum(1)
    start = torch.rand(
        len(weights), 1, generator=generator, device=weights.device, dtype=weights.dtype
    )
    marks = (torch.arange(n, device=weights.device) + start) / n * reached[:, -1:]
    slots = torch.searchsorted(reached, marks).clamp_max(n - 1)
    drawn = order.gather(1, slots)
    return drawn.gather(1, _random_order(weights, generator))


def _random_order(like: Tensor, generator: torch.Generator) -> Tensor:
    """Return a permutation for every row."""
    k, n = like.shape
    orders = [torch.randperm(n, generator=generator, device=like.device) for _ in range(k)]
    return torch.stack(orders)
