"""Adam for stacked replicates: every replicate has a memory of its own.

Kingma & Ba 2015, arXiv:1412.6980, algorithm 1. ``torch.optim.Adam`` counts one step for all
replicates of a parameter, so that one of them could not start again alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from scdyn_core.training.phase import EPSILON

BETA_1, BETA_2 = 0.9, 0.999


class Adam:
    """Moves parameters of shape ``(K, …)`` against their gradients.

    Attributes
    ----------
    memory
        Kind -> name -> tensor: ``mean`` and ``square`` of the gradients, shape ``(K, …)``, and
        the ``steps`` taken, shape ``(K,)``.
    """

    def __init__(self, parameters: Mapping[str, Tensor]) -> None:
        self.parameters = {name: value.detach() for name, value in parameters.items()}
        self.memory: dict[str, dict[str, Tensor]] = {
            "mean": {name: torch.zeros_like(v) for name, v in self.parameters.items()},
            "square": {name: torch.zeros_like(v) for name, v in self.parameters.items()},
            "steps": {name: v.new_zeros(len(v)) for name, v in self.parameters.items()},
        }

    def step(
        self,
        gradients: Mapping[str, Tensor],
        learning_rate: float,
        rates: Mapping[str, float] | None = None,
        epsilon: float = EPSILON,
    ) -> None:
        """Move the parameters that have a gradient; ``rates`` are step sizes of their own."""
        steps = [self.memory["steps"][name].add_(1.0) for name in gradients]
        # For all parameters at once: there are many, and most are small.
        taken = torch.stack(steps)
        sizes = learning_rate / (1.0 - BETA_1**taken)
        if rates:
            own = [rates.get(name, learning_rate) / learning_rate for name in gradients]
            sizes = sizes * taken.new_tensor(own).unsqueeze(1)
        corrections = 1.0 - BETA_2**taken
        for (name, gradient), size, correction in zip(
            gradients.items(), sizes, corrections, strict=True
        ):
            mean, square = self.memory["mean"][name], self.memory["square"][name]
            mean.lerp_(gradient, 1.0 - BETA_1)
            square.mul_(BETA_2).addcmul_(gradient, gradient, value=1.0 - BETA_2)
            along = (-1, *[1] * (gradient.dim() - 1))
            spread = (square / correction.view(along)).sqrt_().add_(epsilon)
            self.parameters[name].sub_(spread.reciprocal_().mul_(mean).mul_(size.view(along)))

    def forget(self, replicate: int) -> None:
        """Start one replicate's memory again."""
        for kind in self.memory.values():
            for value in kind.values():
                value[replicate] = 0.0
