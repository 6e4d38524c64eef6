"""Which latents each target shifts, and by how much: the exact answer for given latents.

With the encoder fixed, the expected loss of a target is, per latent and cell,
``cost p + ½ p (m - μ)² + ½ (1 - p) m²`` with ``m`` the mean latent of its cells: ``μ = m``, and
the target opens where ``½ m²`` is more than its cost. The cost has three parts: a sparsity per
cell, a share of the whole squared shift of the target, and what a shift by chance would need,
which shrinks with the cells.

Shapes: ``A`` labels, ``T`` targets, ``P`` targets of a label at most, ``L`` latents.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

#: Passes at most where cells have several targets, and the step (sd) that ends them.
PASSES, LEAST_STEP = 200, 1e-4
#: Softness of the decision at the end, nats: what is nearer to its cost than this is undecided.
SOFTNESS = 0.02


@dataclass(frozen=True)
class Costs:
    """What an open target costs, in nats per cell.

    Attributes
    ----------
    sparsity
        For every target alike.
    relative
        Share of the squared shift over all latents that a latent must carry.
    chance
        Log odds against a target; nats in all, not per cell.
    """

    sparsity: float
    relative: float
    chance: float

    def of(self, shift: Tensor, cells: Tensor) -> Tensor:
        """Return the cost of every entry, shape ``(T, L)``.

        Parameters
        ----------
        shift
            Shape ``(T, L)``.
        cells
            Cells of each target, shape ``(T,)``.
        """
        whole = 0.5 * self.relative * shift.square().sum(-1, keepdim=True)
        return self.sparsity + whole + self.chance / cells.clamp_min(1.0).unsqueeze(-1)


def effects(value: Tensor, members: Tensor) -> Tensor:
    """Return sums over the targets of each label.

    Parameters
    ----------
    value
        Of every target, shape ``(T, L)``.
    members
        Targets of each label, shape ``(…, P)``; ``T`` stands for none.
    """
    nothing = torch.zeros_like(value[:1])
    summed: Tensor = torch.cat([value, nothing])[members].sum(-2)
    return summed


def cells_of_targets(cells: Tensor, members: Tensor, targets: int) -> Tensor:
    """Return the number of cells that carry each target, shape ``(T,)``."""
    total = cells.new_zeros(targets + 1)
    total.index_add_(0, members.flatten(), cells.repeat_interleave(members.shape[1]))
    return total[:-1]


def solve(
    means: Tensor,
    cells: Tensor,
    members: Tensor,
    targets: int,
    costs: Costs,
    strictness: float,
    decided: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Return shifts and log odds of being open, each ``(T, L)``.

    Parameters
    ----------
    means
        Mean latents of each label, shape ``(A, L)``; the unperturbed state is 0.
    cells
        Cells of each label, shape ``(A,)``.
    members
        Targets of each label, shape ``(A, P)``; ``T`` stands for none.
    strictness
        From 0, when costs do not count yet, to 1, when they count in full and decide sharply.
    decided
        Log odds that are not to be changed, shape ``(T, L)``; only shifts are found then.
    """
    number = cells_of_targets(cells, members, targets)
    several = members.shape[1]
    # Targets that share cells would all claim the same residual: each takes a part of it.
    sharing = cells * (members < targets).sum(1)
    among = cells_of_targets(sharing, members, targets)
    share = (number / among.clamp_min(1.0)).unsqueeze(-1)
    softness = max(1.0 - strictness, SOFTNESS)
    shift = means.new_zeros(targets, means.shape[1])
    odds = torch.zeros_like(shift) if decided is None else decided
    for _ in range(1 if several == 1 else PASSES):
        effect = odds.sigmoid() * shift if several > 1 else torch.zeros_like(shift)
        missing = (means - effects(effect, members)) * cells.unsqueeze(-1)
        summed = means.new_zeros(targets + 1, means.shape[1])
        summed.index_add_(0, members.flatten(), missing.repeat_interleave(several, 0))
        alone = effect + summed[:-1] / number.clamp_min(1.0).unsqueeze(-1)
        step = share * (alone - shift)
        shift = shift + step
        if decided is None:
            cost = costs.of(shift, number) * strictness
            odds = odds + share * ((0.5 * alone.square() - cost) / softness - odds)
        if float(step.abs().max()) < LEAST_STEP:
            break
    return shift, odds
