r"""The published alignment of masks with the changes of single cells (Baek et al. 2025).

``| D S - (|Δx| - c) |``, mean over cells and nodes, with ``S = Σ_{h=0}^{hops} A^{h+1} / T^h`` and
``A`` the log odds of the masks. Being a median regression, it drives ``A_tj`` to the median change
of ``j`` among the cells of ``t`` less ``c``: a thresholded list of what changed, without signs, and
not a network of direct effects. It is kept to be compared with.

Shapes: ``A, S`` (T, T); ``D`` (B, T) which nodes were perturbed; ``Δx`` (B, T).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig


class Alignment(nn.Module):
    """Weights and target of the alignment."""

    def __init__(self, config: GpoVaeConfig) -> None:
        super().__init__()
        self.config = config

    def misfit(self, logit: Tensor, members: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the weighted distance from the changes of the cells.

        Parameters
        ----------
        logit
            ``A``, shape ``(T, T)``.
        members
            Nodes perturbed under every label, padded with T, shape ``(A, P)``.
        batch
            ``label`` (B,) and ``delta``, the changes (B, T); not a number where a node is not
            measured.
        """
        paths = self.paths(logit)
        reached = torch.cat([paths, torch.zeros_like(paths[:1])])[members].sum(1)
        target = batch["delta"] - self.config.criterion
        known = ~torch.isnan(target)
        misfit = (reached[batch["label"].long()] - target.nan_to_num()).abs() * known
        return self.config.alignment * misfit.sum() / known.sum().clamp_min(1)

    def paths(self, logit: Tensor) -> Tensor:
        """Return ``S``, shape ``(T, T)``."""
        power = total = logit
        for _ in range(self.config.hops):
            power = power @ logit / len(logit)
            total = total + power
        return total

    def penalty(self, logit: Tensor) -> Tensor:
        """Return the weighted mean probability of an edge."""
        return self.config.edge_penalty * logit.sigmoid().mean()
