"""Adam for stacked replicates: every replicate has a memory of its own.

Kingma & Ba 2015, arXiv:1412.6980, algorithm 1. ``torch.optim.Adam`` counts one step for all
replicates of a parameter, so that one of them could not start again alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


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

    def step(self, gradients: Mapping[str, Tensor], learning_rate: float) -> None:
        """Move the parameters that have a gradient."""
        for name, gradient in gradients.items():
            mean, square, steps = (self.memory[kind][name] for kind in ("mean", "square", "steps"))
            mean.lerp_(gradient, 1.0 - BETA_1)
            square.mul_(BETA_2).addcmul_(gradient, gradient, value=1.0 - BETA_2)
            steps += 1.0
            along = (-1, *[1] * (gradient.dim() - 1))
            size = learning_rate / (1.0 - BETA_1**steps).view(along)
            spread = (square / (1.0 - BETA_2**steps).view(along)).sqrt_().add_(EPSILON)
            self.parameters[name].sub_(spread.reciprocal_().mul_(mean).mul_(size))

    def forget(self, replicate: int) -> None:
        """Start one replicate's memory again."""
        for kind in self.memory.values():
            for value in kind.values():
                value[replicate] = 0.0
